import CareChain

/// A made-up request and its victims, before anybody has placed them.
struct MadeUpCase {
    let victims: [Victim]
    let together: Together
    let stayDays: Int
    let urgency: Urgency
    let preferredRegion: RegionID?
    /// The phase of the first victim on the day on which the stay is needed.
    let firstPhase: Phase

    /// Days that somebody can wait; assumed.
    var patienceDays: Int {
        switch urgency {
        case .crisis: 7
        case .urgent: 14
        case .planned: 28
        }
    }
}

/// Draws made-up cases of a country; every share of a hundred that stands here is an assumption.
struct CaseDraw {
    var random: SplitMix64
    let regions: [Country.Region]
    let horizon: Horizon
    /// The number of victims drawn so far and kept; the next one's identifier has the next number.
    var victimCount = 0

    /// Draws a case of any stream whose stay is needed from a day on, before the horizon perhaps.
    mutating func next(neededFrom day: Day) -> MadeUpCase {
        let stream = random.pick(ArrivalStream.all, weight: \.requestsPerYear) ?? ArrivalStream.all[0]
        return next(of: stream, neededFrom: day)
    }

    private mutating func next(of stream: ArrivalStream, neededFrom day: Day) -> MadeUpCase {
        let found = region()
        let risk = stream.isGroup ? 1 : random.pick([(1, 30), (2, 50), (3, 20)], weight: \.1)?.0 ?? 1
        let avoid = Avoidance(regions: regionsToAvoid(found: found, risk: risk))
        let investigation = investigation(in: found, of: stream)
        let registeredIn = random.happens(percent: stream.registeredPercent) ? region() : nil
        let isDublin = stream.residence == .thirdCountry && random.happens(percent: 25)

        func victim(
            _ sex: Sex, age: Int, _ phases: [(day: Int, phase: Phase)], needs: [String] = []
        ) -> Victim {
            victimCount += 1
            return Victim(
                id: VictimID("v\(victimCount)"), sex: sex, birthDate: birthDate(age: age, on: day),
                phases: within(horizon, phases, from: day), registeredIn: registeredIn, needs: needs,
                security: risk...3, avoid: avoid, investigation: investigation)
        }

        let phases = phases(of: stream.residence, isDublin: isDublin)
        let sex = sex(in: stream)
        let problem = random.happens(percent: stream.multiProblemPercent) ? random.pick(stream.problems) : nil
        var needs = problem.map { [$0] } ?? []
        for need in stream.needs where sex == .female || !need.womenOnly {
            if random.happens(percent: need.percent), !needs.contains(need.service) { needs.append(need.service) }
        }
        var victims = [victim(sex, age: random.number(in: stream.ages), phases, needs: needs)]
        for _ in 1..<random.number(in: stream.size) {
            victims.append(
                victim(
                    self.sex(in: stream), age: random.number(in: stream.ages),
                    self.phases(of: stream.residence, isDublin: false)))
        }
        if sex == .female, random.happens(percent: stream.mothersPercent) {
            for _ in 0..<random.number(in: 1...3) {
                victims.append(victim(random.happens(percent: 50) ? .female : .male, age: random.below(12), phases))
            }
        }

        let mean = isDublin ? 38 : problem == nil ? stream.meanStayDays : stream.meanStayDaysMultiProblem
        return MadeUpCase(
            victims: victims, together: stream.isGroup ? .shelter : .unit,
            stayDays: random.stay(meanDays: mean), urgency: urgency(risk: risk, of: stream),
            preferredRegion: avoid.regions.isEmpty ? found : nil, firstPhase: phases[0].phase)
    }

    private mutating func region() -> RegionID {
        (random.pick(regions, weight: \.foundPermille) ?? regions[0]).id
    }

    private mutating func sex(in stream: ArrivalStream) -> Sex {
        let number = random.below(100)
        return number < stream.women ? .female : number < stream.women + stream.men ? .male : .x
    }

    /// The birth date of somebody of an age on a day, any day of that year of life.
    private mutating func birthDate(age: Int, on day: Day) -> CalendarDate {
        // Rounded up, so that the age is reached whichever years were leap years.
        horizon.date(of: day).adding(days: -((age * 1461 + 3) / 4 + random.below(364)))
    }

    /// Where the offender's network reaches: the place where the victim was found and perhaps another.
    private mutating func regionsToAvoid(found: RegionID, risk: Int) -> [RegionID] {
        switch risk {
        case 3:
            let other = random.happens(percent: 50) ? region() : found
            return other == found ? [found] : [found, other]
        case 2: return random.happens(percent: 40) ? [found] : []
        default: return []
        }
    }

    private mutating func investigation(in region: RegionID, of stream: ArrivalStream) -> Investigation? {
        guard random.happens(percent: stream.investigationPercent) else { return nil }
        let isLimited = !stream.isGroup && random.happens(percent: 60)
        return Investigation(region: region, maxTravelMinutes: isLimited ? random.pick([150, 180, 210]) : nil)
    }

    private mutating func urgency(risk: Int, of stream: ArrivalStream) -> Urgency {
        if stream.isGroup || risk == 3 || random.happens(percent: 15) { return .crisis }
        return risk == 2 ? .urgent : .planned
    }

    /// The phases from the day on which the stay is needed.
    private mutating func phases(of residence: ArrivalStream.Residence, isDublin: Bool) -> [(day: Int, phase: Phase)] {
        switch residence {
        case .thirdCountry:
            let days = isDublin ? 30 : 90
            if random.happens(percent: isDublin ? 55 : 12) { return [(0, .reflection), (days, .return)] }
            return [(0, .reflection), (days, .permitPending), (days + random.number(in: 30...60), .permit)]
        case .settled: return [(0, random.happens(percent: 25) ? .permit : .resident)]
        case .resident: return [(0, .resident)]
        case .asylum: return [(0, .asylum)]
        case .mixedGroup: return [(0, random.happens(percent: 45) ? .resident : .reflection)]
        }
    }
}

/// Phases as an instance has them: the one that holds on day 0, and the changes within the horizon.
private func within(
    _ horizon: Horizon, _ phases: [(day: Int, phase: Phase)], from day: Day
) -> StepFunction<Phase> {
    var steps: [StepFunction<Phase>.Step] = []
    for (offset, phase) in phases {
        let from = max(0, day + offset)
        if steps.isEmpty || from == 0 {
            steps = [StepFunction.Step(from: 0, value: phase)]
        } else if from.number < horizon.days {
            steps.append(StepFunction.Step(from: from, value: phase))
        }
    }
    return StepFunction(steps)
}
