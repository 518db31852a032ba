import Expressions
import Testing
import Vocabulary

@Suite("Functions")
struct FunctionTests {
    @Test(
        "texts are counted, searched and rewritten by code points",
        arguments: [
            (#"size('e\u0301🔥')"#, .int(3)), (#"'aé🔥b'.indexOf('b')"#, .int(3)),
            ("'abcabc'.lastIndexOf('bc', 3)", .int(1)),
            ("'abab'.lastIndexOf('ab')", .int(2)), ("'ab'.lastIndexOf('abc')", .int(-1)),
            ("'ab'.indexOf('', 2)", .int(2)),
            ("'hello'.substring(1, 3)", .string("el")), ("'hello'.charAt(5)", .string("")),
            ("'a-b-c'.replace('-', '+', 1)", .string("a+b-c")), ("'ab'.replace('', '.')", .string(".a.b.")),
            ("'a,b,,c'.split(',').join('|')", .string("a|b||c")), ("'abc'.split('', 2).join('|')", .string("a|bc")),
            ("''.split(',').size()", .int(1)), (#"'\u2003 x \t'.trim()"#, .string("x")),
            ("'aÄ'.upperAscii()", .string("AÄ")),
            ("'añb'.reverse()", .string("bña")), (#"strings.quote('a"\n')"#, .string(#""a\"\n""#)),
            ("'foobar'.contains('oba')", .bool(true)), ("'foobar'.endsWith('bar')", .bool(true)),
            (#"'\u00e9'.startsWith('e')"#, .bool(false)), ("base64.encode(base64.decode('AP8'))", .string("AP8=")),
        ] as [(String, CELValue)]
    )
    func texts(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source) == expected)
    }

    @Test(
        "format rounds exact values half to even and shows values plainly",
        arguments: [
            ("'%.0f %.0f %.0f'.format([0.5, 1.5, 2.5])", "0 2 2"), ("'%.2f'.format([0.125])", "0.12"),
            ("'%.3f'.format([999.9996])", "1000.000"), ("'%.1f'.format([-0.04])", "-0.0"),
            ("'%.25f'.format([0.1])", "0.1000000000000000055511151"),
            ("'%.3e'.format([9.9996])", "1.000e+01"), ("'%e'.format([0.0])", "0.000000e+00"),
            ("'%.0f'.format([1e22])", "10000000000000000000000"),
            ("'%.1e'.format([5e-324])", "4.9e-324"), ("'%x %X %o %b'.format([-255, 255u, 8, -5])", "-ff FF 10 -101"),
            ("'%s'.format([{'b': [1, null], 'a': duration('90s')}])", "{a: 90s, b: [1, null]}"),
            ("'%d%%'.format([5])", "5%"),
            ("'%s %s'.format([1.0, 1e100])", "1 1e+100"),
        ]
    )
    func formats(_ source: String, _ expected: String) throws {
        #expect(try evaluate(source) == .string(expected))
    }

    @Test(
        "conversions are exact or fail",
        arguments: [
            ("int('-12')", .int(-12)), ("int(-3.99)", .int(-3)), ("uint('7')", .uint(7)),
            ("double('1e3')", .double(1000)),
            ("string(92.5)", .string("92.5")), ("string(true)", .string("true")), ("bool('t')", .bool(true)),
            ("bytes('é')", .bytes([0xc3, 0xa9])), ("string(b'ok')", .string("ok")),
            ("int(9223372036854774784.0)", .int(9_223_372_036_854_774_784)),
            ("type(dyn(1))", .type(.int)), ("string(duration('1h') + duration('0.5s'))", .string("3600.5s")),
        ] as [(String, CELValue)]
    )
    func converts(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source) == expected)
    }

    @Test(
        "what cannot be converted or computed fails",
        arguments: [
            "int('1.5')", "int('0x10')", "int(9223372036854775808.0)", "int(double('NaN'))", "uint(-1)", "uint('+1')",
            "uint(-0.5)",
            "double('1e999')", "double('x')", "bool('yes')", "string(b'\\xff')", "string([1])", "int(null)",
            "timestamp('today')",
            "timestamp('2024-02-30T00:00:00Z')", "duration('5')", "duration('1.5')", "'%d'.format(['a'])",
            "'%.f'.format([1.0])",
            "'%q'.format([1])", "'%s'.format([])", "'%'.format([1])", "'%.99999f'.format([1.0])", "['a', 1].join()",
            "'a'.charAt(2)", "'abc'.substring(2, 1)", "'a'.matches('(')", "base64.decode('*')",
            "math.abs(-9223372036854775808)",
            "math.greatest()", "math.greatest('a', 'b')", "math.bitShiftLeft(1, -1)", "ip('1.2.3')", "ip('01.2.3.4')",
            "cidr('10.0.0.0/33')", "cidr('10.0.0.0/08')", "-9223372036854775808 / -1", "-9223372036854775808 % -1",
            "5 % 0u",
        ]
    )
    func fails(_ source: String) {
        #expect(fault(of: source)?.phase == .evaluate)
    }

    @Test(
        "numbers and addresses are judged by the extensions",
        arguments: [
            ("math.round(-2.5)", .double(-3)), ("math.greatest(1, 2u, 1.5)", .uint(2)),
            ("math.least([3, -1.5])", .double(-1.5)),
            ("math.bitShiftRight(-1, 63)", .int(1)), ("math.bitNot(0u)", .uint(.max)), ("math.sqrt(49)", .double(7)),
            ("math.sign(-0.5)", .double(-1)), ("cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", .bool(true)),
            ("cidr('10.0.0.0/8').containsIP('10.255.0.1')", .bool(true)),
            ("cidr('10.0.0.0/8').containsCIDR('10.0.0.0/7')", .bool(false)),
            ("ip('fe80::1').isLinkLocalUnicast() && ip('::1').family() == 6", .bool(true)),
            ("isIP('10.0.0.256')", .bool(false)),
            ("string(ip('2001:DB8:0:0::1'))", .string("2001:db8::1")),
            ("ip('169.254.169.254').isGlobalUnicast()", .bool(false)),
        ] as [(String, CELValue)]
    )
    func extensions(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source) == expected)
    }
}
