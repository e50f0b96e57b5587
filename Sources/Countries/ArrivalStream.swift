import CareChain

/// A stream of requests of one kind that arrives at the Dutch care chain, as made-up instances draw them.
///
/// Sourced: the 90 days of a reflection period, 30 for Dublin claimants (since May 2023). All other figures are
/// assumptions of the project, chosen so that about 550 requests with 610 victims and their children come in a year; the
/// national desk alone placed 212 to 274 a year in 2012 and 2013.
struct ArrivalStream: Sendable {
    /// How the right of residence runs from the day on which the stay is needed.
    enum Residence {
        /// A reflection period, then the permit or return; a quarter are Dublin claimants.
        case thirdCountry
        /// A permit in a quarter of the cases, else a right of residence of another kind.
        case settled
        /// A right of residence.
        case resident
        /// Asylum.
        case asylum
        /// For each victim of a group alone: 45 % a right of residence, else a reflection period.
        case mixedGroup
    }

    /// A service that some victims need.
    struct Need {
        let service: String
        let percent: Int
        var womenOnly = false
    }

    let requestsPerYear: Int
    let residence: Residence
    /// Of a hundred victims.
    let women: Int
    let men: Int
    /// Ages on the day on which the stay is needed.
    let ages: ClosedRange<Int>
    /// Victims of one request, children left out.
    var size = 1...1
    /// Women with one to three children, of a hundred.
    var mothersPercent = 0
    /// Victims registered in some municipality, of a hundred.
    let registeredPercent: Int
    /// Requests with a police investigation, of a hundred.
    let investigationPercent: Int
    let meanStayDays: Int
    /// Victims with several problems at once, of a hundred; each needs one of `problems`.
    var multiProblemPercent = 0
    var meanStayDaysMultiProblem = 0
    var problems: [String] = []
    var needs: [Need] = []

    /// Whether its requests are whole groups, found at a labour inspection for example.
    var isGroup: Bool { size.upperBound > 1 }

    static let all = [
        // Adults from third countries, in the reflection period.
        ArrivalStream(
            requestsPerYear: 190, residence: .thirdCountry, women: 62, men: 36, ages: 18...45, mothersPercent: 12,
            registeredPercent: 60, investigationPercent: 60, meanStayDays: 112, multiProblemPercent: 4,
            meanStayDaysMultiProblem: 112, problems: ["psychiatric", "addiction"],
            needs: [
                Need(service: "pregnancy", percent: 5, womenOnly: true), Need(service: "wheelchair", percent: 2),
            ]),
        // Adults with a permit or another right of residence.
        ArrivalStream(
            requestsPerYear: 230, residence: .settled, women: 72, men: 26, ages: 18...50, mothersPercent: 18,
            registeredPercent: 85, investigationPercent: 55, meanStayDays: 150, multiProblemPercent: 18,
            meanStayDaysMultiProblem: 240, problems: ["learning-disability", "psychiatric", "addiction"],
            needs: [
                Need(service: "pregnancy", percent: 3, womenOnly: true), Need(service: "wheelchair", percent: 2),
            ]),
        // Minors with a right of residence.
        ArrivalStream(
            requestsPerYear: 70, residence: .resident, women: 72, men: 28, ages: 12...17, registeredPercent: 100,
            investigationPercent: 40, meanStayDays: 225,
            needs: [
                Need(service: "learning-disability", percent: 5),
                Need(service: "closed", percent: 3, womenOnly: true),
            ]),
        // Unaccompanied minors.
        ArrivalStream(
            requestsPerYear: 55, residence: .asylum, women: 35, men: 65, ages: 13...17, registeredPercent: 0,
            investigationPercent: 50, meanStayDays: 190),
        // Groups found at labour inspections.
        ArrivalStream(
            requestsPerYear: 6, residence: .mixedGroup, women: 30, men: 70, ages: 18...55, size: 5...17,
            registeredPercent: 0, investigationPercent: 100, meanStayDays: 20),
    ]
}
