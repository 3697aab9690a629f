#include "app/settings.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ticketshow::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Settings, variables_that_are_no_settings_are_named) {
  const char* const sound[] = {"PATH=/bin",
                               "TICKETSHOW_HTTP_PORT=80",
                               "TICKETSHOW_CONFIG=a.toml",
                               "TICKETSHOW_FAULT_POINT=x",
                               "TICKETSHOW_BINARY=x",
                               "TICKETSHOW_TEST_ANYTHING=x",
                               nullptr};
  EXPECT_THAT(unknown_variables(sound), IsEmpty());
  const char* const mistyped[] = {"TICKETSHOW_HTTP_PROT=80", "TICKETSHOW_", "ticketshow_x=1", nullptr};
  EXPECT_THAT(unknown_variables(mistyped), ElementsAre("TICKETSHOW_HTTP_PROT", "TICKETSHOW_"));
}

TEST(Settings, the_reference_has_a_row_for_each_that_Markdown_shows_as_it_is_written) {
  const auto document = settings_reference();
  for (const auto& each : all_settings()) {
    EXPECT_THAT(document, HasSubstr("\n| `" + std::string(each.key) + "` | ")) << each.key;
  }
  EXPECT_THAT(document, HasSubstr("| `database.url` | `postgresql:///ticketshow` | PostgreSQL; without a user, each "
                                  "service comes as ticketshow_\\<service> (secret) |\n"));
}

std::string refusal_of(const std::string& file) {
  try {
    settings::load(file, {});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(Settings, a_configuration_file_that_cannot_be_read_is_told_with_the_line_if_there_is_one) {
  const auto missing = refusal_of("/nowhere/ticketshow.toml");
  EXPECT_THAT(missing, HasSubstr("/nowhere/ticketshow.toml: "));
  EXPECT_THAT(missing, Not(HasSubstr("line")));
  const auto file = ::testing::TempDir() + "settings_test.toml";
  std::ofstream(file) << "currency = \"EUR\"\n[http\n";
  EXPECT_THAT(refusal_of(file), HasSubstr("settings_test.toml: line 2: "));
  std::remove(file.c_str());
}

}  // namespace
}  // namespace ticketshow::app
