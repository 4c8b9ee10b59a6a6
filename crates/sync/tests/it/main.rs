//! How does sync behave towards its neighbours?
