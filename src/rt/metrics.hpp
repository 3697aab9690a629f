#pragma once

#include <map>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace ticketshow::rt::metrics {

using labels = std::map<std::string, std::string>;

/// The process's metrics, in Prometheus's terms. Look an instrument up once and keep the reference, which stays valid
/// until the process ends; using it is lock-free or a short lock and may be done from any thread. The same name and
/// labels give the same instrument. Names follow Prometheus's conventions (ticketshow_<what>_<unit>, _total for
/// counters).
prometheus::Counter& counter(const std::string& name, const std::string& help, const labels& with = {});
prometheus::Gauge& gauge(const std::string& name, const std::string& help, const labels& with = {});
/// A histogram of seconds with buckets from 0.5 ms to 10 s.
prometheus::Histogram& latency(const std::string& name, const std::string& help, const labels& with = {});

/// A histogram of counts with buckets 1, 2, 4 … 1024.
prometheus::Histogram& sizes(const std::string& name, const std::string& help, const labels& with = {});

/// Everything, in Prometheus's text format, version 0.0.4.
std::string scrape();

}  // namespace ticketshow::rt::metrics
