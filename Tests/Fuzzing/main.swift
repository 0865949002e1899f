import Foundation

// Feeds one part of the gateway with what libFuzzer makes up, guided by which code that reaches: see scripts/fuzz.
//
//   fuzz list                        the names of the targets
//   fuzz seeds TARGET FOLDER         writes what to begin with, a file each
//   fuzz words TARGET                its dictionary, in libFuzzer's form
//   fuzz run TARGET [OPTION|FILE…]   libFuzzer's own arguments

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// Changes an input as libFuzzer would by itself.
@_silgen_name("LLVMFuzzerMutate")
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int) -> Int

/// Changes an input: libFuzzer finds this by its name.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
    guard seed % 4 != 0 else { return mutate(data, size, limit) }
    var bytes = Array(UnsafeBufferPointer(start: data, count: size))
    var mutator = WordMutator(words, seed: UInt64(seed))
    mutator.change(&bytes)
    let count = min(bytes.count, limit)
    data.update(from: bytes, count: count)
    return count
}

/// The target under way, and its words: the callbacks cannot carry them.
nonisolated(unsafe) var target: any FuzzTarget = HTTP1Target()
nonisolated(unsafe) var words: [[UInt8]] = []

let arguments = Array(CommandLine.arguments.dropFirst())
guard let command = arguments.first else { exit(64) }
if command == "list" {
    print(fuzzTargets.map(\.name).joined(separator: "\n"))
    exit(0)
}
guard arguments.count > 1, let chosen = fuzzTargets.first(where: { $0.name == arguments[1] }) else {
    FileHandle.standardError.write(Data("fuzz: no such target\n".utf8))
    exit(64)
}
target = chosen
words = target.spelledWords
switch command {
case "seeds" where arguments.count == 3:
    for (number, seed) in target.seeds.enumerated() {
        try Data(seed).write(to: URL(fileURLWithPath: arguments[2]).appendingPathComponent("seed-\(number)"))
    }
case "words":
    print(target.dictionary, terminator: "")
case "run":
    // The driver wants the program's name first, and keeps what it is given.
    let options = ["-max_len=\(target.longest)"] + arguments.dropFirst(2)
    var vector = ([CommandLine.arguments[0]] + options).map { strdup($0) } + [nil]
    var count = CInt(vector.count - 1)
    let status = vector.withUnsafeMutableBufferPointer { buffer -> CInt in
        guard var base = buffer.baseAddress else { return 1 }
        return runDriver(&count, &base) { bytes, count in
            target.take(UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
    }
    exit(status)
default:
    exit(64)
}
