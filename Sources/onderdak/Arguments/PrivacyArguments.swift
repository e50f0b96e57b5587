public import ArgumentParser
public import Ledger

extension Role: ExpressibleByArgument {}
extension DataCategory: ExpressibleByArgument {}
extension ConfidentialCategory: ExpressibleByArgument {}
extension LegalBasis.Kind: ExpressibleByArgument {}
extension CoverageFunction: ExpressibleByArgument {}
