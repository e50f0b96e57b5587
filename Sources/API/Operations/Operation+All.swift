extension Operation {
    /// Everything that the API does; a line for each resource.
    static var all: [Operation] {
        serving
            + actions
            + auditEntries
            + availability
            + bedSearch
            + capacity
            + caseRights
            + coverages
            + events
            + explanations
            + figures
            + holds
            + nights
            + offers
            + placements
            + planJobs
            + planRuns
            + requests
            + shelters
            + transfers
            + units
            + webhooks
    }
}
