#!/usr/bin/env python3
"""Records where PyYAML's CSafeLoader puts the fault of each broken text.

    record_marks.py             writes marks.json beside this file, from the texts below
    record_marks.py --live      reads texts from standard input, one a line in hexadecimal,
                                and prints "LINE:COLUMN" (counted from 1) or "ok" for each
"""
import json
import pathlib
import sys

import yaml

TEXTS = [
    # indentation
    "a: 1\n b: 2\n", "a:\n  b: 1\n c: 2\n", "a:\n  - 1\n - 2\n", "- a\nb: 1\n", "a: 1\n- b\n", "a:\n\tb: 1\n",
    "\ta: 1\n", "a: 1\n\tb: 2\n", "- a\n\t- b\n", "a:\n  b: 1\n\tc: 2\n", "a:\n    b: 1\n   c: 2\n  d: 3\n",
    "states:\n  one:\n    action: x\n   next: two\n", "key: value\n  more: value\n", "a: b\n  c\n  d: e\n",
    # colons
    "a: b: c\n", "a: - b\n", "a : b : c\n", "summary: Cut it: fast\n", "when: x ? y : z\nnext: a: b\n", "a\nb: c\n",
    "key\n", "a:\n  b\n  c: d\n", "? a\n: b: c\n", "- a: b\n  c\n", "a: 1\nb\nc: 3\n", "a: 1\nb\n",
    # flow collections
    "a: [1, 2\n", "a: {b: 1\n", "a: [1, 2}\n", "a: {b: 1]\n", "a: [1 2: 3\nb: 4\n", "a: {b: 1, c: 2\nd: 3\n", "[1, 2",
    "{a: 1", "a: ]\n", "a: }\n", "{a: 1}}\n", "[1]]\n", "a: [,]\n", "a: {,}\n", "a: [1,,2]\n", "with: { node: ${{ subject.node.name }} }\n",
    "with: [ ${{ a.b }} ]\n", "a: {b: {c: [1, 2, {d: 3}]\n", "a: ${{ x }} y: z\n", "{{ a }}: 1\nb\n", "with: {a b: {c\n",
    # quotes
    "a: \"b\n", "a: 'b\n", "a: 'it's'\n", "a: \"b\" c\n", "a: 'b' c\n", "a: \"\\q\"\n", "a: \"\\x4\"\n", "a: \"\\u12\"\n",
    "a: \"\\ud800\"\n", "a: \"b\n---\nc: \"\n", "a: 'b\n...\n", "'a': 'b\nc: d\n", "a: \"x\"y\"\n", "\"a\n\": b\n", "é: \"\\q\"\n",
    # special characters
    "a: @b\n", "a: `b\n", "@a: b\n", "a: %b\n", "%a\n", "%YAML 2.0\n---\na\n", "%YAML 1.1\n%YAML 1.1\n---\na\n", "%TAG ! a\n",
    "a: !<x\n", "a: !a!b c\n", "a: &\n", "a: *\n", "a: *b\n", "a: & b\n", "a: *b c\n", "- !!str !!str a\n", "- &a &b c\n",
    "a: |x\n  b\n", "a: |0\n  b\n", "a: |99\n  b\n", "a: >-+\n  b\n", "a: |\n  b\n c\n", "a: | b\n  c\n", "a: |2\n b\n",
    # documents
    "---\na: 1\n---\nb: [\n", "a: 1\n--- b: c\n d\n", "a: 1\n... b\n", "--- a: 1\n", "a: 1\n...\nb: 2\n", "---\n---\n- a\nb\n",
    # lines and letters that count in their own way
    "a: 1\r\nb: [\r\nc: 3\r\n", "a: 1\rb: 2: 3\r", "日本: 語: x\n", "a: 😀: b\n", "\ufeffa: b: c\n", "a: 1\u2028b: c: d\n",
    "a: 1\u0085b: c: d\n", "# é\n\n\na: \"é\" x\n",
    # bytes that no YAML may hold
    b"a: \x00\n", b"a: b\x07c\n", b"a: 1\nb: \xff\n", b"a: \xc3\n", b"a: \xe2\x82\nb: 1\n", b"\x80", b"a: \xed\xa0\x80\n",
    b"a: \xc0\xaf\n", b"a: \xf5\x80\x80\x80\n", "é: 1\nb: ü".encode() + b"\x01\n", b"a: \x7f\n", b"a: 1\r\nb: \x02\n",
    "a: \uffff\n".encode(), b"# comment \x1b[0m\na: 1\n",
]


# Stands for texts that only PyYAML's own composer refuses.
LOADER_ONLY = (-1, -1)


def place(data):
    """Line and column of the fault, both from 1; None when there is none."""
    try:
        for _ in yaml.compose_all(data, Loader=yaml.CSafeLoader):
            pass
        return None
    except yaml.reader.ReaderError as fault:
        before = data[: fault.position].decode("utf-8", "replace").removeprefix("\ufeff")
        for ending in ("\r\n", "\r", "\u0085", "\u2028", "\u2029"):
            before = before.replace(ending, "\n")
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    except yaml.MarkedYAMLError as fault:
        if fault.problem == "second occurrence":
            # An anchor used again is refused by the loader; libyaml, and YAML itself, have nothing against it.
            return LOADER_ONLY
        return fault.problem_mark.line + 1, fault.problem_mark.column + 1


def main():
    if "--live" in sys.argv:
        for line in sys.stdin:
            found = place(bytes.fromhex(line.strip()))
            print("ok" if found is None else f"{found[0]}:{found[1]}")
        return
    cases = []
    for text in TEXTS:
        data = text if isinstance(text, bytes) else text.encode()
        found = place(data)
        case = {"hex": data.hex(), "shown": data.decode("utf-8", "replace")}
        cases.append(case | ({"line": found[0], "column": found[1]} if found else {"line": 0, "column": 0}))
    target = pathlib.Path(__file__).with_name("marks.json")
    target.write_text(json.dumps(cases, indent=1) + "\n")
    print(f"{len(cases)} texts, {sum(case['line'] > 0 for case in cases)} broken")


main()
