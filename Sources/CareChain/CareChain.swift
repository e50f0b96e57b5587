// CareChain
