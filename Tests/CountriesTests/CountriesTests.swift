// CountriesTests
