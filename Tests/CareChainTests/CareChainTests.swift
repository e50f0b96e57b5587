// CareChainTests
