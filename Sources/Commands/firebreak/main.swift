import FirebreakCommand
import Glibc

exit(await Firebreak.run(arguments: Array(CommandLine.arguments.dropFirst())).rawValue)
