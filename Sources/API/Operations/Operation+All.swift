extension Operation {
    /// Everything that the API does; a line for each resource.
    static var all: [Operation] {
        serving
            + availability
            + bedSearch
            + capacity
            + shelters
            + units
    }
}
