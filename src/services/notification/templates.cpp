#include "services/notification/templates.hpp"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include <fmt/format.h>

namespace ticketshow::notification {

std::string_view template_text(std::string_view name) {
  const auto files = templates();
  const auto found = std::ranges::lower_bound(files, name, {}, &template_file::name);
  if (found == files.end() || found->name != name) throw std::logic_error(fmt::format("there is no template {}", name));
  return found->text;
}

std::string fill(std::string_view what, const values& with, form in) {
  kainjow::mustache::mustache filled{std::string(what)};
  if (!filled.is_valid()) throw std::logic_error("a template is wrong: " + filled.error_message());
  if (in == form::text) filled.set_custom_escape([](const std::string& text) { return text; });
  kainjow::mustache::data data;
  for (const auto& [name, text] : with.texts) data.set(name, text);
  for (const auto& name : with.holding) data.set(name, true);
  for (const auto& [name, items] : with.lists) {
    kainjow::mustache::data list(kainjow::mustache::data::type::list);
    for (const auto& item : items) {
      kainjow::mustache::data filling;
      for (const auto& [gap, text] : item) filling.set(gap, text);
      list << filling;
    }
    data.set(name, list);
  }
  return filled.render(data);
}

}  // namespace ticketshow::notification
