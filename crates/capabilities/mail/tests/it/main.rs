#![cfg(test)]

mod kill;
mod pages;
mod post;
mod threads;
mod wire;
mod wrong;
