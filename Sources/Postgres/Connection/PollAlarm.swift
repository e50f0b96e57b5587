internal import Foundation

/// Lets one thread wait for a socket until another rings: a pipe that `poll` watches beside the socket.
final class PollAlarm: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws(PostgresError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw .connectionFailed(target: "a pipe", reason: "the process has no file descriptors left")
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        _ = Foundation.close(readEnd)
        _ = Foundation.close(writeEnd)
    }

    func ring() {
        _ = withUnsafeBytes(of: UInt8(0)) { Foundation.write(writeEnd, $0.baseAddress, 1) }
    }

    /// Waits until the socket can be read (true) or somebody rings (false).
    func wait(readable socket: Int32) -> Bool {
        var watched = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        ]
        // A signal may interrupt the wait.
        while poll(&watched, nfds_t(watched.count), -1) < 0 && errno == EINTR {}
        return watched[1].revents == 0
    }
}
