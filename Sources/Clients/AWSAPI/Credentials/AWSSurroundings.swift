package import HTTPExchange
internal import Host
internal import Vocabulary

/// All that credentials and settings are found in: environment, files, programs, the network, the time.
package struct AWSSurroundings: Sendable {
    package enum FileRead: Sendable, Hashable {
        case bytes([UInt8])
        case absent
        case failed(String)
    }

    package enum ProgramRun: Sendable, Hashable {
        case printed([UInt8])
        /// Why, in words that hold nothing of what it printed.
        case failed(String)
    }

    package var environment: @Sendable (String) -> String?
    package var file: @Sendable (String) -> FileRead
    /// Runs a program without a shell.
    package var run: @Sendable ([String]) async -> ProgramRun
    package var transport: any HTTPTransport
    package let time: any TimeAndChance
    /// By which an expiry is compared: the services' own, where it is known.
    package let clock: ServiceClock

    package init(
        environment: @escaping @Sendable (String) -> String?,
        file: @escaping @Sendable (String) -> FileRead,
        run: @escaping @Sendable ([String]) async -> ProgramRun,
        transport: any HTTPTransport,
        time: any TimeAndChance
    ) {
        self.environment = environment
        self.file = file
        self.run = run
        self.transport = transport
        self.time = time
        clock = ServiceClock(time)
    }

    /// This machine's.
    package static func machine(over transport: any HTTPTransport) -> AWSSurroundings {
        AWSSurroundings(
            environment: Host.environment,
            file: { path in
                guard HostFiles.exists(path) else { return .absent }
                do throws(HostFault) { return .bytes(try HostFiles.read(path, limit: 1 << 20)) } catch {
                    return .failed(error.report.what)
                }
            },
            run: { words in
                do throws(HostFault) {
                    let limit = Duration.seconds(60)
                    return .printed(try await HostProcess.output(of: words, timeLimit: limit, outputLimit: 1 << 20))
                } catch {
                    return .failed(error.report.what)
                }
            },
            transport: transport,
            time: MachineTime()
        )
    }

    func flag(_ name: String) -> Bool { environment(name)?.lowercased() == "true" }

    /// A path below the home folder when it begins with `~/`.
    func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = environment("HOME") else { return path }
        return home + path.dropFirst()
    }

    /// A file that must be there, as text.
    func text(_ path: String) throws(CredentialsFault) -> String {
        switch file(path) {
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .file(path: path, problem: "the file is no UTF-8 text")
            }
            return text
        case .absent: throw .file(path: path, problem: "the file is not there")
        case .failed(let problem): throw .file(path: path, problem: problem)
        }
    }
}
