mod after;
mod approval;
mod flow;
mod policy;
mod samples;
mod table;
