#include "rt/metrics.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace ticketshow::rt::metrics {
namespace {

prometheus::Registry& registry() {
  static prometheus::Registry instance(prometheus::Registry::InsertBehavior::Merge);
  return instance;
}

}  // namespace

prometheus::Counter& counter(const std::string& name, const std::string& help, const labels& with) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry()).Add(with);
}

prometheus::Gauge& gauge(const std::string& name, const std::string& help, const labels& with) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry()).Add(with);
}

prometheus::Histogram& latency(const std::string& name, const std::string& help, const labels& with) {
  static const prometheus::Histogram::BucketBoundaries seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry()).Add(with, seconds);
}

prometheus::Histogram& sizes(const std::string& name, const std::string& help, const labels& with) {
  static const prometheus::Histogram::BucketBoundaries counts{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry()).Add(with, counts);
}

std::string scrape() { return prometheus::TextSerializer{}.Serialize(registry().Collect()); }

}  // namespace ticketshow::rt::metrics
