/// What a plan pays for what it does less well, in points of the objective (`problem.md`, weights).
public struct Weights: Sendable, Equatable {
    /// A weight for each urgency.
    public struct ByUrgency: Sendable, Equatable {
        /// For crisis requests.
        public var crisis: Int
        /// For urgent requests.
        public var urgent: Int
        /// For planned requests.
        public var planned: Int

        /// Makes the three weights.
        public init(crisis: Int, urgent: Int, planned: Int) {
            self.crisis = crisis
            self.urgent = urgent
            self.planned = planned
        }

        /// The weight for an urgency.
        public subscript(urgency: Urgency) -> Int {
            get {
                switch urgency {
                case .crisis: crisis
                case .urgent: urgent
                case .planned: planned
                }
            }
            set {
                switch urgency {
                case .crisis: crisis = newValue
                case .urgent: urgent = newValue
                case .planned: planned = newValue
                }
            }
        }
    }

    /// Per victim of an unplaced request.
    public var unplaced = ByUrgency(crisis: 100_000, urgent: 40_000, planned: 12_000)
    /// Per victim and day after `neededFrom`.
    public var waitDay = ByUrgency(crisis: 3000, urgent: 300, planned: 30)
    /// Per victim and leg outside `preferredRegion`.
    public var outOfRegion = 400
    /// Per victim, leg and minute from the leg's region to the investigation's.
    public var travelMinute = 2
    /// Per victim and move.
    public var move = 1500
    /// Per victim and day in a unit that would no longer admit the victim.
    public var overstayDay = 40
    /// Per victim and day that no funder pays.
    public var unfundedDay = 60
    /// Per whole euro (rounded up) by which a funder's budget is passed.
    public var overBudgetEuro = 1
    /// Per victim, day and level of the shelter's security above the victim's least.
    public var overSecurityDay = 3

    /// Makes the default weights.
    public init() {}
}
