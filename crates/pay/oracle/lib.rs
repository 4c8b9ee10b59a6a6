//! Nothing: the tests of this package are all of it.
