extension Plan {
    /// Reads a plan from a file in the format `onderdak-plan/1`, also one of another planner: unknown keys are passed
    /// over, and it may break every rule.
    ///
    /// - Throws: ``InvalidInput`` when it is not JSON or not a plan.
    public init(json bytes: [UInt8]) throws(InvalidInput) {
        var reader = try JSONReader(bytes)
        try FileFormat.plan.check(reader)
        let object = try reader.object(Key.self)
        self.init(
            instance: try object[.instance], stays: try object[.stays], unplaced: try object[.unplaced],
            funding: try object[.funding], objective: try object.optional(.objective),
            bound: try object.optional(.bound), prices: try object.optional(.prices),
            budgetPrices: try object.optional(.budgetPrices), sharedPrices: try object.optional(.sharedPrices),
            solver: try object.optional(.solver))
    }

    /// Reads only what a referee judges: stays, unplaced requests, funding, and the stated objective and bound. What a
    /// planner remarks beside it (reasons, prices, its solver) may have any shape and is passed over.
    ///
    /// - Throws: ``InvalidInput`` when it is not JSON or not a plan.
    public init(judgedPartOf bytes: [UInt8]) throws(InvalidInput) {
        var reader = try JSONReader(bytes)
        try FileFormat.plan.check(reader)
        let object = try reader.object(Key.self)
        var unplaced = try object.reader(of: .unplaced)
        self.init(
            instance: try object[.instance], stays: try object[.stays],
            unplaced: try unplaced.list { reader throws(InvalidInput) in
                Unplaced(request: try reader.object(Unplaced.Key.self)[.request], reasons: [])
            },
            funding: try object[.funding], objective: try object.optional(.objective),
            bound: try object.optional(.bound))
    }

    /// The plan as a file in the format `onderdak-plan/1`; equal plans give the same bytes.
    public func json() -> [UInt8] {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.member(Key.format, FileFormat.plan.rawValue)
                writer.member(Key.instance, instance)
                writer.member(Key.stays, stays)
                writer.member(Key.unplaced, unplaced)
                writer.member(Key.funding, funding)
                writer.member(Key.objective, objective)
                writer.member(Key.bound, bound)
                writer.member(Key.prices, prices)
                writer.member(Key.budgetPrices, budgetPrices)
                writer.member(Key.sharedPrices, sharedPrices)
                writer.member(Key.solver, solver)
            }
        }
    }

    private enum Key: Int, JSONKey {
        case format, instance, stays, unplaced, funding, objective, bound, prices, budgetPrices, sharedPrices, solver
        static let ignoresUnknownKeys = true
    }
}

extension Stay: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            request: try object[.request], victim: try object[.victim], unit: try object[.unit],
            from: try object[.from], until: try object[.until])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.request, request)
            $0.member(Key.victim, victim)
            $0.member(Key.unit, unit)
            $0.member(Key.from, from)
            $0.member(Key.until, until)
        }
    }

    private enum Key: Int, JSONKey {
        case request, victim, unit, from, until
        static let ignoresUnknownKeys = true
    }
}

extension Unplaced: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(request: try object[.request], reasons: try object.optional(.reasons) ?? [])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.request, request)
            $0.member(Key.reasons, reasons)
        }
    }

    fileprivate enum Key: Int, JSONKey {
        case request, reasons
        static let ignoresUnknownKeys = true
    }
}

extension Reason: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(code: try object[.code], detail: try object[.detail])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.code, code)
            $0.member(Key.detail, detail)
        }
    }

    private enum Key: Int, JSONKey {
        case code, detail
        static let ignoresUnknownKeys = true
    }
}

extension FundingPeriod: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            victim: try object[.victim], funder: try object.nullable(.funder), from: try object[.from],
            until: try object[.until])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.victim, victim)
            $0.nullableMember(Key.funder, funder)
            $0.member(Key.from, from)
            $0.member(Key.until, until)
        }
    }

    private enum Key: Int, JSONKey {
        case victim, funder, from, until
        static let ignoresUnknownKeys = true
    }
}

extension BedPrice: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(unit: try object[.unit], days: try object.days(.from, .until), price: try object[.price])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.unit, unit)
            $0.member(Key.from, days.lowerBound)
            $0.member(Key.until, days.upperBound)
            $0.member(Key.price, price)
        }
    }

    private enum Key: Int, JSONKey {
        case unit, from, until, price
        static let ignoresUnknownKeys = true
    }
}

extension SharedPrice: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        let subject: Subject =
            if let victim: VictimID = try object.optional(.victim) {
                .presence(of: victim, or: try object[.other], in: try object[.place])
            } else if let request: RequestID = try object.optional(.request) {
                .sex(try object[.sex], of: request, in: try object[.unit])
            } else {
                .exclusiveUse(try object[.unit])
            }
        self.init(subject: subject, days: try object.days(.from, .until), price: try object[.price])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch subject {
            case .exclusiveUse(let unit): $0.member(Key.unit, unit)
            case .presence(let victim, let other, let place):
                $0.member(Key.victim, victim)
                $0.member(Key.other, other)
                $0.member(Key.place, place)
            case .sex(let sex, let request, let unit):
                $0.member(Key.unit, unit)
                $0.member(Key.request, request)
                $0.member(Key.sex, sex)
            }
            $0.member(Key.from, days.lowerBound)
            $0.member(Key.until, days.upperBound)
            $0.member(Key.price, price)
        }
    }

    private enum Key: Int, JSONKey {
        case unit, victim, other, place, request, sex, from, until, price
        static let ignoresUnknownKeys = true
    }
}

extension BudgetPrice: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(funder: try object[.funder], price: try object[.price])
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.funder, funder)
            $0.member(Key.price, price)
        }
    }

    private enum Key: Int, JSONKey {
        case funder, price
        static let ignoresUnknownKeys = true
    }
}

extension SolverReport: JSONConvertible {
    init(from reader: inout JSONReader) throws(InvalidInput) {
        let object = try reader.object(Key.self)
        self.init(
            status: Status(rawValue: try object[.status]), seconds: try object.optional(.seconds),
            cut: try object.optional(.cut), seed: try object.optional(.seed), version: try object.optional(.version),
            engine: try object.optional(.engine))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member(Key.status, status.rawValue)
            $0.member(Key.seconds, seconds)
            $0.member(Key.cut, cut)
            $0.member(Key.seed, seed)
            $0.member(Key.version, version)
            $0.member(Key.engine, engine)
        }
    }

    private enum Key: Int, JSONKey {
        case status, seconds, cut, seed, version, engine
        static let ignoresUnknownKeys = true
    }
}
