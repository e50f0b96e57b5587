import CareChain

/// A division of a large instance into parts that have little to do with each other: regions near to each other with
/// their units, and the open requests that belong there.
struct Blocks {
    /// The number of blocks.
    let count: Int
    /// The block of each region.
    let ofRegion: [Int]
    /// The block of each open request.
    let ofRequest: [Int]

    /// Divides an instance.
    ///
    /// - Parameters:
    ///   - requests: The open requests.
    ///   - most: The most of them that belong to the regions of one block, where these are several.
    init(_ situation: Situation, _ requests: [OpenRequest], atMost most: Int) {
        let instance = situation.instance
        let homes = requests.map { Self.home(of: $0, in: instance) }
        var weights = [Int](repeating: 0, count: instance.regions.count)
        for home in homes { if let home { weights[home] += 1 } }
        (ofRegion, count) = Self.clusters(of: weights, over: Self.roads(of: instance), atMost: most)
        ofRequest = Self.assignment(of: requests, homes, ofRegion, count, instance)
    }

    /// A road between two regions.
    typealias Road = (a: Int, b: Int, minutes: Int)

    /// The cluster of each region: the nearest are joined first, as long as a cluster weighs no more than so much
    /// (Kruskal, *On the shortest spanning subtree of a graph and the traveling salesman problem*, 1956).
    static func clusters(of weights: [Int], over roads: [Road], atMost most: Int) -> (ofRegion: [Int], count: Int) {
        var parents = Array(weights.indices)
        var weights = weights
        func root(of region: Int) -> Int {
            var region = region
            while parents[region] != region { region = parents[region] }
            return region
        }
        for road in roads.sorted(by: { ($0.minutes, $0.a, $0.b) < ($1.minutes, $1.a, $1.b) }) {
            let (a, b) = (root(of: road.a), root(of: road.b))
            if a == b || weights[a] + weights[b] > most { continue }
            parents[b] = a
            weights[a] += weights[b]
        }
        let roots = parents.indices.filter { parents[$0] == $0 }
        let places = Dictionary(uniqueKeysWithValues: roots.enumerated().map { ($1, $0) })
        return (parents.indices.map { places[root(of: $0)] ?? 0 }, roots.count)
    }

    private static func roads(of instance: Instance) -> [Road] {
        instance.travelTimes.compactMap { time in
            guard let a = instance.regionIndex[time.a], let b = instance.regionIndex[time.b] else { return nil }
            return (min(a, b), max(a, b), time.minutes)
        }
    }

    /// The region where a request is, wants to be, or has an investigation; nil: anywhere.
    private static func home(of request: OpenRequest, in instance: Instance) -> Int? {
        if let unit = request.request.current?.first?.unit {
            return instance.unitIndex[unit].map(instance.region(ofUnit:))
        }
        let investigation = request.victims.lazy.compactMap { instance.victims[$0].investigation?.region }.first
        return (request.request.preferredRegion ?? investigation).flatMap { instance.regionIndex[$0] }
    }

    /// The block of each request: that of its home if it can be placed there, else the one with least at stake so far.
    private static func assignment(
        of requests: [OpenRequest], _ homes: [Int?], _ ofRegion: [Int], _ count: Int, _ instance: Instance
    ) -> [Int] {
        var atStake = [Int](repeating: 0, count: count)
        var blocks = [Int](repeating: 0, count: requests.count)
        for r in requests.indices.filter({ homes[$0] != nil }) + requests.indices.filter({ homes[$0] == nil }) {
            let suitable = Set(requests[r].openings.map { ofRegion[instance.region(ofUnit: $0.units[0])] })
            if let home = homes[r], suitable.contains(ofRegion[home]) {
                blocks[r] = ofRegion[home]
            } else {
                blocks[r] = suitable.min { (atStake[$0], $0) < (atStake[$1], $1) } ?? 0
            }
            atStake[blocks[r]] += requests[r].unplacedPoints
        }
        return blocks
    }
}
