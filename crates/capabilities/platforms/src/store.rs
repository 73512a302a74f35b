//! Rows of platforms, shops, orders, their deadlines and steps; the only SQL of this crate.

mod list;
mod rows;
mod shops;

pub use list::{Filter, Listed, Show, count, list};
pub use rows::{
    ClockId, ClockRow, Order, OrderId, Step, add_step, clocks, end_clock, erase, find, get, hold, insert, insert_clock,
    missed, near, of_case, of_return, save, set_missed, set_return, set_warned, steps,
};
pub use shops::{
    Platform, Shop, bind, bound, get_shop, insert_shop, platforms, save_shop, set_sale_shop, shop_named, shops,
};
