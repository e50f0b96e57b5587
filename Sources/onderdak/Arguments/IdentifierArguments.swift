public import ArgumentParser
public import CareChain

extension ID: ExpressibleByArgument {
    /// Any text but none.
    public init?(argument: String) {
        if argument.isEmpty { return nil }
        self.init(argument)
    }
}

extension Urgency: ExpressibleByArgument {}
extension Together: ExpressibleByArgument {}
extension Phase: ExpressibleByArgument {}
