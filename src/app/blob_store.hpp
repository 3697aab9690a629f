#pragma once

#include <filesystem>
#include <memory>

#include "app/settings.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "ports/blob_store.hpp"
#include "services/catalog/posters.hpp"

namespace ticketshow::app {

/// Whether the settings name a directory, which the gateway then gives to browsers; throws std::runtime_error with a
/// sentence when they name nothing we have.
bool keeps_on_disk(const settings& configured);

/// The directory of a store on disk.
std::filesystem::path poster_directory_of(const settings& configured);

/// The store that the settings name. `split` tells that catalog, which writes, and the gateway, which reads, are in
/// different processes. Throws std::runtime_error with a sentence when the settings do not fit together: one of the two
/// would not see the other's directory.
std::unique_ptr<ports::blob_store> make_blob_store(rt::executor io, const settings& configured,
                                                   const clock_source& clock, random_source& random, bool split);

/// Where browsers get posters from: "https://cdn.example"; empty when it is the gateway. Throws std::runtime_error with
/// a sentence when the store's public address is no URL.
std::string picture_origin_of(const ports::blob_store& blobs);

catalog::poster_options poster_options_of(const settings& configured);

}  // namespace ticketshow::app
