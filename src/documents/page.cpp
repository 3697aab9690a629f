#include "documents/page.hpp"

#include <algorithm>
#include <cairo-pdf.h>
#include <cstdint>
#include <cstring>
#include <new>
#include <pango/pangocairo.h>
#include <stdexcept>

#include "documents/text.hpp"

namespace ticketshow::documents {
namespace {

/// Debian's fonts-noto-core, and for what it has not: Chinese, Japanese and Korean, and symbols with emoji. Named, so
/// that a ticket looks the same wherever it is made; fontconfig finds others for what none of these has.
constexpr const char* families =
    "Noto Sans,Noto Sans Devanagari,Noto Sans Tamil,Noto Sans Telugu,Noto Sans Kannada,Noto Sans Malayalam,"
    "Noto Sans Bengali,Noto Sans Gujarati,Noto Sans Gurmukhi,Noto Sans Oriya,Noto Sans Arabic,Noto Sans Hebrew,"
    "Noto Sans Thai,WenQuanYi Micro Hei,Symbola";

constexpr double finest_step = 0.5;  // points, in the search for a size that fits

PangoAlignment alignment_of(placing along) {
  switch (along) {
    case placing::start:
      return PANGO_ALIGN_LEFT;
    case placing::middle:
      return PANGO_ALIGN_CENTER;
    case placing::end:
      return PANGO_ALIGN_RIGHT;
  }
  std::unreachable();
}

double points(int units) { return static_cast<double>(units) / PANGO_SCALE; }
int units(double length) { return static_cast<int>(length * PANGO_SCALE); }

void check(cairo_status_t outcome) {
  if (outcome != CAIRO_STATUS_SUCCESS) throw std::runtime_error(cairo_status_to_string(outcome));
}

/// Appends to the std::string at `text`.
cairo_status_t append(void* text, const unsigned char* bytes, unsigned int count) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
    return CAIRO_STATUS_SUCCESS;
  } catch (...) {
    return CAIRO_STATUS_NO_MEMORY;  // no exception may pass through cairo
  }
}

}  // namespace

pages::pages(double width, double height, const std::string& title, const std::string& written,
             std::string_view language)
    : surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, width, height)),
      draw_(cairo_create(surface_.get())),
      font_(pango_font_description_from_string(families)) {
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, written.c_str());
  // As on paper, not fitted to the pixels of a screen: a text has the same width at every size.
  auto* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  layout_.reset(pango_cairo_create_layout(draw_.get()));
  auto* context = pango_layout_get_context(layout_.get());
  pango_cairo_context_set_font_options(context, options);
  pango_context_set_language(context, pango_language_from_string(std::string(language).c_str()));
  cairo_font_options_destroy(options);
  pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
}

void pages::next() { cairo_show_page(draw_.get()); }

void pages::fill(box where, colour with) {
  cairo_set_source_rgb(draw_.get(), with.red, with.green, with.blue);
  cairo_rectangle(draw_.get(), where.x, where.y, where.width, where.height);
  cairo_fill(draw_.get());
}

void pages::dashed_line(double x, double y, double length, colour with) {
  constexpr double dashes[] = {3, 3};
  cairo_save(draw_.get());
  cairo_set_source_rgb(draw_.get(), with.red, with.green, with.blue);
  cairo_set_line_width(draw_.get(), 0.8);
  cairo_set_dash(draw_.get(), dashes, std::size(dashes), 0);
  cairo_move_to(draw_.get(), x, y);
  cairo_rel_line_to(draw_.get(), length, 0);
  cairo_stroke(draw_.get());
  cairo_restore(draw_.get());
}

void pages::set_size(double size) {
  pango_font_description_set_absolute_size(font_.get(), size * PANGO_SCALE);
  pango_layout_set_font_description(layout_.get(), font_.get());
}

std::optional<double> pages::fitting_size(const std::string& line, box where, const lettering& how) {
  const std::tuple wanted{line, how.bold, where.width, where.height, how.size};
  const auto known = sizes_.find(wanted);
  return known != sizes_.end() ? known->second : sizes_[wanted] = search_size(where, how);
}

std::optional<double> pages::search_size(box where, const lettering& how) {
  const auto fits = [&](double size) {
    set_size(size);
    PangoRectangle taken;
    pango_layout_get_extents(layout_.get(), nullptr, &taken);
    return points(taken.width) <= where.width && points(taken.height) <= where.height;
  };
  if (fits(how.size)) return how.size;
  auto small = how.least_size;
  if (!fits(small)) return std::nullopt;
  for (auto large = how.size; large - small > finest_step;) {
    const auto middle = (small + large) / 2;
    (fits(middle) ? small : large) = middle;
  }
  return small;
}

double pages::write(std::string_view text, box where, const lettering& how) {
  auto* layout = layout_.get();
  const auto line = one_line(text);
  pango_font_description_set_weight(font_.get(), how.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_text(layout, line.data(), static_cast<int>(line.size()));
  pango_layout_set_alignment(layout, alignment_of(how.along));
  pango_layout_set_width(layout, units(where.width));
  pango_layout_set_height(layout, -1);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_NONE);
  const auto size = fitting_size(line, where, how);
  set_size(size.value_or(how.least_size));
  if (!size) {
    pango_layout_set_height(layout, units(where.height));
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  }
  PangoRectangle taken;
  pango_layout_get_extents(layout, nullptr, &taken);
  cairo_save(draw_.get());
  cairo_rectangle(draw_.get(), where.x, where.y, where.width, where.height);
  cairo_clip(draw_.get());  // a pile of marks over a letter reaches beyond what its font says
  cairo_set_source_rgb(draw_.get(), how.ink.red, how.ink.green, how.ink.blue);
  const auto spare = std::max(0.0, where.height - points(taken.height));
  cairo_move_to(draw_.get(), where.x, where.y + (how.half_way_down ? spare / 2 : 0));
  pango_cairo_show_layout(draw_.get(), layout);
  cairo_restore(draw_.get());
  return std::min(points(taken.height), where.height);
}

void pages::draw(const qr_code& code, box where) {
  // As an image it takes a tenth of the time that some 400 rectangles take, most of which is their numbers as text.
  // Some readers smooth images whatever is asked of them: with so many pixels a module they blur a quarter of one.
  constexpr int pixels_a_module = 4;
  constexpr std::uint32_t black = 0x000000;
  constexpr std::uint32_t white = 0xffffff;
  const auto side = code.size * pixels_a_module;
  const auto pixels = pixels_of(code, pixels_a_module, 0, black, white);
  const std::unique_ptr<cairo_surface_t, unreference> image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side));
  check(cairo_surface_status(image.get()));
  // Rows of this format follow each other without a gap.
  std::memcpy(cairo_image_surface_get_data(image.get()), pixels.data(), pixels.size() * sizeof(pixels.front()));
  cairo_surface_mark_dirty(image.get());
  cairo_save(draw_.get());
  cairo_translate(draw_.get(), where.x, where.y);
  cairo_scale(draw_.get(), where.width / side, where.height / side);
  cairo_set_source_surface(draw_.get(), image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(draw_.get()), CAIRO_FILTER_NEAREST);
  cairo_paint(draw_.get());
  cairo_restore(draw_.get());
}

std::string pages::finish() {
  check(cairo_status(draw_.get()));
  cairo_surface_finish(surface_.get());
  check(cairo_surface_status(surface_.get()));
  return std::move(bytes_);
}

}  // namespace ticketshow::documents
