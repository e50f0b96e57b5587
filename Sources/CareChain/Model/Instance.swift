/// A placement problem (`onderdak-instance/1`): what there is, who needs a place, and what counts.
///
/// A value of this type is always valid in the sense of `problem.md`: making one checks everything. Beside the lists as
/// they stand in the file it knows each item's place in its list, so that rules and planner work with those indices.
public struct Instance: Sendable {
    /// Its name, by which plans refer to it.
    public let name: String
    /// The days it covers.
    public let horizon: Horizon
    /// How often and how soon somebody may be moved.
    public let moveLimits: MoveLimits
    /// The regions.
    public let regions: [Region]
    /// The travel times between regions.
    public let travelTimes: [TravelTime]
    /// The shelters.
    public let shelters: [Shelter]
    /// The units.
    public let units: [Unit]
    /// The funders in the order in which they pay.
    public let funders: [Funder]
    /// The victims.
    public let victims: [Victim]
    /// The requests.
    public let requests: [Request]
    /// The pairs who must never meet.
    public let noContact: [NoContact]
    /// What a plan pays for what it does less well.
    public let weights: Weights

    /// The place of each region in `regions`.
    public let regionIndex: [RegionID: Int]
    /// The place of each shelter in `shelters`.
    public let shelterIndex: [ShelterID: Int]
    /// The place of each unit in `units`.
    public let unitIndex: [UnitID: Int]
    /// The place of each funder in `funders`.
    public let funderIndex: [FunderID: Int]
    /// The place of each victim in `victims`.
    public let victimIndex: [VictimID: Int]
    /// The place of each request in `requests`.
    public let requestIndex: [RequestID: Int]
    /// For each unit the place of its shelter in `shelters`.
    public let shelterOfUnit: [Int]
    /// For each shelter the place of its region in `regions`.
    public let regionOfShelter: [Int]
    /// For each victim the place of its request in `requests`.
    public let requestOfVictim: [Int]

    private let minutes: [RegionPair: Int]

    private struct RegionPair: Hashable {
        let low: Int
        let high: Int

        init(_ a: Int, _ b: Int) {
            low = min(a, b)
            high = max(a, b)
        }
    }

    /// Makes an instance of its parts.
    ///
    /// - Throws: ``InvalidInput`` with the path of the first part that the definition does not allow.
    public init(
        name: String, horizon: Horizon, moveLimits: MoveLimits, regions: [Region], travelTimes: [TravelTime],
        shelters: [Shelter], units: [Unit], funders: [Funder], victims: [Victim], requests: [Request],
        noContact: [NoContact], weights: Weights = Weights()
    ) throws(InvalidInput) {
        self.name = name
        self.horizon = horizon
        self.moveLimits = moveLimits
        self.regions = regions
        self.travelTimes = travelTimes
        self.shelters = shelters
        self.units = units
        self.funders = funders
        self.victims = victims
        self.requests = requests
        self.noContact = noContact
        self.weights = weights

        regionIndex = try InstanceValidation.index(regions, "regions", \.id)
        shelterIndex = try InstanceValidation.index(shelters, "shelters", \.id)
        unitIndex = try InstanceValidation.index(units, "units", \.id)
        funderIndex = try InstanceValidation.index(funders, "funders", \.id)
        victimIndex = try InstanceValidation.index(victims, "victims", \.id)
        requestIndex = try InstanceValidation.index(requests, "requests", \.id)

        var minutes: [RegionPair: Int] = [:]
        for (n, time) in travelTimes.enumerated() {
            let a = try InstanceValidation.resolve(time.a, in: regionIndex, "region", "travelMinutes[\(n)].a")
            let b = try InstanceValidation.resolve(time.b, in: regionIndex, "region", "travelMinutes[\(n)].b")
            try InstanceValidation.whole(time.minutes, "travelMinutes[\(n)].minutes")
            guard a != b else {
                throw InvalidInput(path: "travelMinutes[\(n)].b", problem: "\"\(time.b)\" is the same region as a")
            }
            guard minutes.updateValue(time.minutes, forKey: RegionPair(a, b)) == nil else {
                throw InvalidInput(
                    path: "travelMinutes[\(n)]", problem: "the pair \"\(time.a)\" and \"\(time.b)\" is given twice")
            }
        }
        self.minutes = minutes

        var regionOfShelter: [Int] = []
        regionOfShelter.reserveCapacity(shelters.count)
        for (n, shelter) in shelters.enumerated() {
            regionOfShelter.append(
                try InstanceValidation.resolve(shelter.region, in: regionIndex, "region", "shelters[\(n)].region"))
        }
        self.regionOfShelter = regionOfShelter
        var shelterOfUnit: [Int] = []
        shelterOfUnit.reserveCapacity(units.count)
        for (n, unit) in units.enumerated() {
            shelterOfUnit.append(
                try InstanceValidation.resolve(unit.shelter, in: shelterIndex, "shelter", "units[\(n)].shelter"))
        }
        self.shelterOfUnit = shelterOfUnit
        requestOfVictim = try InstanceValidation.owners(of: victims, victimIndex, in: requests)

        try InstanceValidation.check(self)
    }

    /// Minutes by road between two regions by their places; 0 within a region, nil when one cannot be reached.
    public func travelMinutes(from a: Int, to b: Int) -> Int? {
        a == b ? 0 : minutes[RegionPair(a, b)]
    }

    /// The shelter of a unit by the unit's place.
    public func shelter(ofUnit unit: Int) -> Shelter { shelters[shelterOfUnit[unit]] }

    /// The place of the region of a unit by the unit's place.
    public func region(ofUnit unit: Int) -> Int { regionOfShelter[shelterOfUnit[unit]] }

    /// Minutes from a unit's region to a victim's investigation; nil when it cannot be reached.
    public func minutes(fromUnit unit: Int, to investigation: Investigation) -> Int? {
        regionIndex[investigation.region].flatMap { travelMinutes(from: region(ofUnit: unit), to: $0) }
    }
}

extension Instance: Equatable {
    /// Whether two instances have the same content; what is derived from it need not be compared.
    public static func == (a: Instance, b: Instance) -> Bool {
        a.name == b.name && a.horizon == b.horizon && a.moveLimits == b.moveLimits && a.regions == b.regions
            && a.travelTimes == b.travelTimes && a.shelters == b.shelters && a.units == b.units
            && a.funders == b.funders && a.victims == b.victims && a.requests == b.requests
            && a.noContact == b.noContact && a.weights == b.weights
    }
}
