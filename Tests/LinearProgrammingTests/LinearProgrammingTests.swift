// LinearProgrammingTests
