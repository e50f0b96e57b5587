extension Operation {
    /// Everything that the API does; a line for each resource.
    static var all: [Operation] {
        serving
            + actions
            + availability
            + bedSearch
            + capacity
            + holds
            + nights
            + offers
            + placements
            + requests
            + shelters
            + transfers
            + units
    }
}
