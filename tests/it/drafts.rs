//! What is to be said or changed, from the first word until it goes out: states, four eyes, versions, times.

mod eyes;
mod rights;
mod sending;
mod states;
mod threads;
mod timetable;
mod versions;
