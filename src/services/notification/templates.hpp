#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The texts of templates/, which the binary carries, and how their gaps are filled. They are mustache templates:
/// {{name}} is a text, {{#name}}…{{/name}} stays when the name holds.
namespace ticketshow::notification {

struct template_file {
  std::string_view name;  ///< "en/refund_completed.txt"
  std::string_view text;
};

std::span<const template_file> templates();

/// Throws std::logic_error when there is none of this name.
std::string_view template_text(std::string_view name);

/// What fills a template.
struct values {
  std::map<std::string, std::string> texts;
  std::set<std::string> holding;  ///< the names that hold
  /// {{#name}}…{{/name}} appears once for each of these, which fill it beside the texts around.
  std::map<std::string, std::vector<std::map<std::string, std::string>>> lists = {};
};

/// In text, values appear as they are; in HTML they are escaped: none can become markup. In {{{name}}} never.
enum class form { text, html };
std::string fill(std::string_view what, const values& with, form in);

}  // namespace ticketshow::notification
