public import CareChain

extension Country {
    /// What the coordination desk goes by: its hours and deadlines, and the limits of what is decided without it.
    public struct Desk: Sendable, Equatable {
        /// The time zone in which days begin and the desk opens, `Europe/Amsterdam` for example.
        public let zone: String
        /// The most nights of a night placement.
        public let emergencyNights: Int
        /// From how many beds on a planned action is one for a group.
        public let groupSize: Int
        /// How many days before its day a planned action for a group is announced.
        public let groupNoticeDays: Int
        /// From how many days before its day its beds can no longer be changed.
        public let groupFixDays: Int
        /// How old a unit's last report may be, in hours, where nothing else is said of it; nil: figures do not age.
        public let reportAgeHours: Int?
        /// When it is open, one line a weekday.
        public let hours: [Hours]
        /// How soon what is to be done, for every task and urgency.
        public let deadlines: [Deadline]
    }

    /// The desk's hours on a weekday.
    public struct Hours: Sendable, Equatable {
        /// 1 Monday to 7 Sunday.
        public let weekday: Int
        /// `HH:MM`, where the desk is.
        public let opens: String
        /// `HH:MM`, where the desk is.
        public let closes: String
    }

    /// How soon something is to be done.
    public struct Deadline: Sendable, Equatable {
        /// What.
        public let task: Task
        /// Of which urgency.
        public let urgency: Urgency
        /// Within how many hours.
        public let hours: Int
        /// Whether only the desk's hours count.
        public let deskTime: Bool
    }

    /// What has a deadline.
    public enum Task: String, CaseIterable, Sendable {
        /// An offer is answered.
        case answer
        /// A request has an agreed place, from its submission on.
        case place
    }
}
