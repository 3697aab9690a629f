#include "documents/tests/readers.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_directory.hpp"

namespace ticketshow::documents::testing {
namespace {

std::string quoted(const std::string& argument) {
  return '\'' + std::regex_replace(argument, std::regex("'"), "'\\''") + '\'';
}

/// A file for a program that reads files alone.
class file {
 public:
  explicit file(const std::string& bytes) { std::ofstream(path(), std::ios::binary) << bytes; }
  [[nodiscard]] std::string path() const { return (directory_.path() / "file").string(); }

 private:
  test::scratch_directory directory_;
};

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  std::string line;
  for (const auto& each : command) line += quoted(each) + ' ';
  std::FILE* pipe = popen((line + "2>&1").c_str(), "r");  // NOLINT(bugprone-command-processor): a fixed set, quoted
  std::string text;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
  EXPECT_EQ(pclose(pipe), 0) << line << '\n' << text;
  return text;
}

std::vector<std::string> pages_of(const std::string& pdf) {
  const auto text = output_of({"pdftotext", "-layout", file(pdf).path(), "-"});
  std::vector<std::string> pages;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\f', at);
    pages.push_back(text.substr(at, end - at));
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return pages;
}

std::vector<word_page> words_of(const std::string& pdf) {
  const auto text = output_of({"pdftotext", "-bbox", file(pdf).path(), "-"});
  static const std::regex mark(
      R"re(<page width="([^"]+)" height="([^"]+)">|<word xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">(.*)</word>)re");
  std::vector<word_page> pages;
  for (std::sregex_iterator each(text.begin(), text.end(), mark), end; each != end; ++each) {
    const auto number = [&](std::size_t group) { return std::stod((*each)[group].str()); };
    if ((*each)[1].matched) {
      pages.push_back({number(1), number(2), {}});
    } else {
      pages.back().words.push_back({number(3), number(4), number(5), number(6), (*each)[7].str()});
    }
  }
  return pages;
}

std::string scanned(const std::string& png) {
  auto text = output_of({"zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file(png).path()});
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string scanned_svg(const std::string& svg) {
  return scanned(output_of({"rsvg-convert", "--width", "400", file(svg).path()}));
}

std::string scanned_page(const std::string& pdf, int page) {
  const auto number = std::to_string(page);
  return scanned(output_of({"pdftoppm", "-r", "150", "-png", "-f", number, "-l", number, file(pdf).path()}));
}

}  // namespace ticketshow::documents::testing
