#include "app/blob_store.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "adapters/blob_disk/blob_disk.hpp"
#include "adapters/blob_s3/blob_s3.hpp"
#include "http/url.hpp"

namespace ticketshow::app {

bool keeps_on_disk(const settings& configured) {
  const auto& adapter = configured.text("blob.adapter");
  if (adapter == "disk") return true;
  if (adapter == "s3") return false;
  throw std::runtime_error("The setting blob.adapter must be disk or s3.");
}

std::filesystem::path poster_directory_of(const settings& configured) {
  const auto& named = configured.text("blob.dir");
  return named.empty() ? configured.text("data.dir") + "/blobs" : named;
}

std::unique_ptr<ports::blob_store> make_blob_store(rt::executor io, const settings& configured,
                                                   const clock_source& clock, random_source& random, bool split) {
  if (keeps_on_disk(configured)) {
    if (split && configured.text("blob.dir").empty()) {
      throw std::runtime_error(
          "blob.adapter is disk, and catalog, which writes posters, is not in one process with the gateway, which "
          "gives them to browsers: name the directory that both see in blob.dir, or use blob.adapter s3.");
    }
    return std::make_unique<blob_disk::store>(random, blob_disk::options{.directory = poster_directory_of(configured)});
  }
  if (configured.text("s3.url").empty()) {
    throw std::runtime_error("blob.adapter is s3; the setting s3.url must tell where the service is.");
  }
  return std::make_unique<blob_s3::store>(io, clock,
                                          blob_s3::options{.url = configured.text("s3.url"),
                                                           .bucket = configured.text("s3.bucket"),
                                                           .keys = {.access_key = configured.text("s3.access_key"),
                                                                    .secret_key = configured.text("s3.secret_key"),
                                                                    .region = configured.text("s3.region")},
                                                           .ca_file = configured.text("s3.ca_file"),
                                                           .public_url = configured.text("s3.public_url")});
}

std::string picture_origin_of(const ports::blob_store& blobs) {
  const auto address = blobs.public_address(fmt::format("{}one.webp", ports::public_blobs));
  if (address.starts_with('/')) return {};
  const auto server = http::options_for(address);
  if (!server) {
    throw std::runtime_error(fmt::format("The setting s3.public_url must be an address, which {} is not.", address));
  }
  return http::origin_of(*server);
}

catalog::poster_options poster_options_of(const settings& configured) {
  catalog::poster_options chosen;
  // A poster is unused from its making until its request has given it to a show.
  const auto longest_request_s = configured.number("http.request_timeout_s", 1, 300);
  chosen.keep_unused_s = configured.number("posters.keep_unused_s", longest_request_s + 1, 30L * 86'400);
  // Where files are to go soon, somebody looks soon.
  chosen.sweep_every =
      std::min<rt::steady_clock::duration>(chosen.sweep_every, std::chrono::seconds(chosen.keep_unused_s));
  return chosen;
}

}  // namespace ticketshow::app
