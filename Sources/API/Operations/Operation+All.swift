extension Operation {
    /// Everything that the API does; a line for each resource.
    static var all: [Operation] {
        serving
            + auditEntries
            + availability
            + bedSearch
            + capacity
            + caseRights
            + coverages
            + events
            + figures
            + planJobs
            + planRuns
            + shelters
            + units
            + webhooks
    }
}
