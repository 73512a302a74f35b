#![cfg(test)]

mod any;
mod bombs;
mod shapes;
mod threads;
