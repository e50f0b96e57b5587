public import CareChain

extension Obstacle {
    /// What it says, whom it is about and when, for people.
    public func sentence(in horizon: Horizon) -> Sentence {
        switch self {
        case .services(let victim, let missing):
            Sentence(
                english: "no \(Words.list(missing)), which \(victim) needs",
                dutch: "geen \(Words.list(missing)), dat \(victim) nodig heeft")
        case .security(let victim, let level, let allowed):
            Sentence(
                english: "security level \(level), \(victim) needs \(Words.range(allowed, "to"))",
                dutch: "beveiligingsniveau \(level), \(victim) heeft \(Words.range(allowed, "tot en met")) nodig")
        case .region(let victim, let region):
            Sentence(
                english: "in region \(region), which \(victim) must avoid",
                dutch: "in gevarenregio \(region) van \(victim)")
        case .shelter(let victim, let shelter):
            Sentence(
                english: "in shelter \(shelter), which \(victim) must avoid",
                dutch: "in opvang \(shelter), die \(victim) moet mijden")
        case .investigation(let victim, let minutes, let most):
            Sentence(
                english: "\(minutes.map { "\($0) minutes" } ?? "no way") to the investigation of \(victim), "
                    + "at most \(most) allowed",
                dutch: "\(minutes.map { "\($0) minuten" } ?? "geen weg") naar het onderzoek van \(victim), "
                    + "hoogstens \(most) toegestaan")
        case .sex(let victim, let sex):
            Sentence(
                english: "does not admit sex \(sex.rawValue) (\(victim))",
                dutch: "neemt geslacht \(Words.dutch(sex)) niet op (\(victim))")
        case .group(let size, let least, let most):
            Sentence(
                english: "\(Words.group(size).english) (\(Words.bounds(least, most, "at least", "at most")))",
                dutch: "\(Words.group(size).dutch) (\(Words.bounds(least, most, "minstens", "hoogstens")))")
        case .age(let victim, let age, let day):
            Sentence(
                english: "does not admit age \(age) (\(victim) on \(Words.day(day, horizon).english))",
                dutch: "neemt leeftijd \(age) niet op (\(victim) op \(Words.day(day, horizon).dutch))")
        case .phase(let victim, let phase, let day):
            Sentence(
                english: "does not admit phase \(phase.name.english) (\(victim) on \(Words.day(day, horizon).english))",
                dutch: "neemt fase \(phase.name.dutch) niet op (\(victim) op \(Words.day(day, horizon).dutch))")
        case .together(nil):
            Sentence(
                english: "not all of the request fit there together",
                dutch: "niet allen van het verzoek passen er samen")
        case .together(let victim?):
            Sentence(
                english: "\(victim) of the same request can be nowhere in this shelter",
                dutch: "\(victim) van hetzelfde verzoek kan nergens in deze opvang terecht")
        case .hold(let day):
            Sentence(
                english: "no move before \(Words.day(day, horizon).english): there is a hold",
                dutch: "geen verhuizing vóór \(Words.day(day, horizon).dutch): er is een verhuisverbod")
        case .moves(let most):
            Sentence(
                english: "no move is left (at most \(most))", dutch: "er is geen verhuizing over (hoogstens \(most))")
        case .capacity(let day, let holders, let freeFrom):
            Sentence(
                english: "no bed on \(Words.day(day, horizon).english)" + held(holders, horizon).english
                    + (freeFrom.map { "; free for the whole stay from \(Words.day($0, horizon).english)" } ?? ""),
                dutch: "geen plek op \(Words.day(day, horizon).dutch)" + held(holders, horizon).dutch
                    + (freeFrom.map { "; vrij voor het hele verblijf vanaf \(Words.day($0, horizon).dutch)" } ?? ""))
        case .mixing(let day, let holders) where holders.isEmpty:
            Sentence(
                english: "one sex at a time, the request is of several (on \(Words.day(day, horizon).english))",
                dutch: "één geslacht tegelijk, het verzoek heeft er meer (op \(Words.day(day, horizon).dutch))")
        case .exclusive(let day, let holders):
            Sentence(
                english: "takes one group at a time, another is there on \(Words.day(day, horizon).english)"
                    + held(holders, horizon).english,
                dutch: "neemt één groep tegelijk, er is een andere op \(Words.day(day, horizon).dutch)"
                    + held(holders, horizon).dutch)
        case .mixing(let day, let holders):
            Sentence(
                english: "one sex at a time, another sex is there on \(Words.day(day, horizon).english)"
                    + held(holders, horizon).english,
                dutch: "één geslacht tegelijk, er is een ander geslacht op \(Words.day(day, horizon).dutch)"
                    + held(holders, horizon).dutch)
        case .noContact(let victim, let other, let day):
            Sentence(
                english: "\(victim) must not meet \(other), who is there on \(Words.day(day, horizon).english)",
                dutch: "\(victim) mag \(other) niet ontmoeten, die er is op \(Words.day(day, horizon).dutch)")
        case .untilThen(let unit, let obstacle):
            Sentence(
                english: "it cannot stay in \(unit) until it may move: " + obstacle.sentence(in: horizon).in(.english),
                dutch: "het kan niet in \(unit) blijven tot het mag verhuizen: "
                    + obstacle.sentence(in: horizon).in(.dutch))
        case .elsewhere(let unit, let obstacle):
            Sentence(
                english: "others of the request would be in \(unit): " + obstacle.sentence(in: horizon).in(.english),
                dutch: "anderen van het verzoek zouden in \(unit) zijn: "
                    + obstacle.sentence(in: horizon).in(.dutch))
        case .fixed: Self.fixedSentence
        case .cost: Self.costSentence
        }
    }

    private static let fixedSentence = Sentence(
        english: "people have decided that this request is elsewhere",
        dutch: "er is besloten dat dit verzoek ergens anders is")
    private static let costSentence = Sentence(
        english: "possible, but dearer than leaving the request without a place",
        dutch: "mogelijk, maar duurder dan het verzoek zonder plek laten")

    /// The most holders that a sentence names.
    private static let mostNamed = 4

    private func held(_ holders: [Holder], _ horizon: Horizon) -> Sentence {
        if holders.isEmpty { return Sentence(english: ": it has too few then", dutch: ": die heeft er dan te weinig") }
        let named = holders.prefix(Self.mostNamed)
        func list(_ fixed: String, _ until: String, _ more: String) -> String {
            var parts = named.map { holder in
                "\(holder.request)\(holder.victims > 1 ? " ×\(holder.victims)" : "") \(until) "
                    + "\(horizon.date(of: holder.days.upperBound))\(holder.isFixed ? " (\(fixed))" : "")"
            }
            if holders.count > named.count { parts.append("\(holders.count - named.count) \(more)") }
            return parts.joined(separator: ", ")
        }
        return Sentence(
            english: "; held by " + list("fixed", "until", "more"), dutch: "; bezet door " + list("vast", "tot", "meer")
        )
    }

    /// What it says of several units at once: neither whom nor when, except where nothing is true without it.
    var summary: Sentence {
        switch self {
        case .services(_, let missing):
            Sentence(english: "no \(Words.list(missing))", dutch: "geen \(Words.list(missing))")
        case .security(_, let level, let allowed):
            level < allowed.lowerBound
                ? Sentence(
                    english: "security \(allowed.lowerBound) needed", dutch: "beveiliging \(allowed.lowerBound) nodig")
                : Sentence(
                    english: "security at most \(allowed.upperBound) allowed",
                    dutch: "beveiliging hoogstens \(allowed.upperBound) toegestaan")
        case .region: Sentence(english: "in a region to avoid", dutch: "in een gevarenregio")
        case .shelter: Sentence(english: "a shelter to avoid", dutch: "een te mijden opvang")
        // How far is for who may know where it is.
        case .investigation:
            Sentence(english: "too far from the investigation", dutch: "te ver van het onderzoek")
        case .sex(_, let sex):
            Sentence(
                english: "does not admit sex \(sex.rawValue)", dutch: "neemt geslacht \(Words.dutch(sex)) niet op")
        case .group(let size, _, _): Words.group(size)
        case .age(_, let age, _):
            Sentence(english: "does not admit age \(age)", dutch: "neemt leeftijd \(age) niet op")
        case .phase(_, let phase, _):
            Sentence(
                english: "does not admit phase \(phase.name.english)", dutch: "neemt fase \(phase.name.dutch) niet op")
        case .together:
            Sentence(
                english: "no room there for others of the request",
                dutch: "daar kunnen anderen van het verzoek niet terecht")
        case .hold: Sentence(english: "no move allowed yet", dutch: "verhuizen mag nog niet")
        case .moves: Sentence(english: "no move is left", dutch: "er is geen verhuizing over")
        case .capacity: Sentence(english: "no bed for the whole stay", dutch: "geen plek voor het hele verblijf")
        case .exclusive: Sentence(english: "another group is there", dutch: "er is een andere groep")
        case .mixing(_, let holders) where holders.isEmpty:
            Sentence(
                english: "one sex at a time, the request is of several",
                dutch: "één geslacht tegelijk, het verzoek heeft er meer")
        case .mixing: Sentence(english: "another sex is there", dutch: "er is een ander geslacht")
        case .noContact:
            Sentence(
                english: "somebody is there whom a victim must not meet",
                dutch: "er is iemand die een slachtoffer niet mag ontmoeten")
        case .untilThen(let unit, let obstacle):
            Sentence(
                english: "it cannot stay in \(unit) until it may move: " + obstacle.summary.in(.english),
                dutch: "het kan niet in \(unit) blijven tot het mag verhuizen: " + obstacle.summary.in(.dutch))
        case .elsewhere(let unit, let obstacle):
            Sentence(
                english: "others of the request would be in \(unit): " + obstacle.summary.in(.english),
                dutch: "anderen van het verzoek zouden in \(unit) zijn: " + obstacle.summary.in(.dutch))
        case .fixed: Self.fixedSentence
        case .cost: Self.costSentence
        }
    }
}
