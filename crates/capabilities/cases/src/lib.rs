//! Cases: everything that a customer brings, from the request to the rating (服务单).

pub mod domain;
