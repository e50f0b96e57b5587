import CareChain
import Ledger

extension Call {
    /// Makes a step that gives beds; where rules forbid it, who may search is told which units would do instead.
    ///
    /// - Parameters:
    ///   - days: The days of the beds; nil: the request's own.
    ///   - move: The day of a move: the beds are those from then on until the request's stays end, in other units than now.
    ///   - unit: A unit that will not do.
    func givingBeds<Outcome: Sendable>(
        for request: RequestID?, over days: Range<CalendarDate>? = nil, movingOn move: CalendarDate? = nil,
        besides unit: String? = nil,
        _ step: () async throws -> Outcome
    ) async throws -> Outcome {
        try await givingBeds(step) {
            guard let request else { return [] }
            return try await units(for: request, over: days, movingOn: move).filter { $0 != unit }
        }
    }

    /// Makes a step that gives beds; where rules forbid it, its caller is told which units would do instead.
    ///
    /// - Parameter units: Finds them, as far as the caller may know.
    func givingBeds<Outcome: Sendable>(
        _ step: () async throws -> Outcome, orElse units: () async throws -> [String]
    ) async throws -> Outcome {
        do {
            return try await step()
        } catch {
            var problem = Problem(error)
            guard problem.rules.contains(where: { Self.isOfUnits($0.rule) }) else { throw error }
            problem.alternatives = Array(((try? await units()) ?? []).prefix(5))
            throw problem
        }
    }

    /// Whether another unit may keep a rule that one breaks.
    private static func isOfUnits(_ rule: String) -> Bool {
        switch RuleCode(rawValue: rule) {
        case .hold, .legs, .fixed: false
        case nil: RuleOverride.soft.contains(rule) || rule == "night_placement_bed"
        default: true
        }
    }

    /// The units that are free and suitable for a request, the nearest first.
    private func units(
        for request: RequestID, over days: Range<CalendarDate>?, movingOn move: CalendarDate?
    ) async throws -> [String] {
        var days = days
        var now: Set<String> = []
        if let move {
            let stays = try await ledger.placements(StayFilter(request: request), .all, as: actor).elements
            guard let end = stays.map(\.until).max(), move < end else { return [] }
            days = move..<end
            now = Set(stays.map(\.unit))
        }
        let found = try await ledger.find(for: .request(request), over: days, as: actor)
        return found.filter { $0.isSuitable && !now.contains($0.unit) }.map(\.unit)
    }
}
