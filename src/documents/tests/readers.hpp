#pragma once

#include <string>
#include <vector>

/// Other people's programs that read what the code here has written: poppler, zbar, librsvg.
namespace ticketshow::documents::testing {

/// What a program prints; the test fails with its complaint when it does not succeed.
std::string output_of(const std::vector<std::string>& command);

/// The text of each page, line by line as it stands there.
std::vector<std::string> pages_of(const std::string& pdf);

/// Where words stand on a page, in points, the page's own size first.
struct word_box {
  double left, top, right, bottom;
  std::string text;
};
struct word_page {
  double width, height;
  std::vector<word_box> words;
};
std::vector<word_page> words_of(const std::string& pdf);

/// What a scanner reads of an image, or of a page of a PDF as a phone shows it.
std::string scanned(const std::string& png);
std::string scanned_svg(const std::string& svg);
std::string scanned_page(const std::string& pdf, int page);

}  // namespace ticketshow::documents::testing
