#include "app/sample_posters.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "app/sample_catalogue.hpp"
#include "images/images.hpp"

namespace ticketshow::app {
namespace {

/// A poster of 800 by 1200: a sky from one colour to another, what is drawn on it, and the title on a band below.
struct design {
  const char* above;
  const char* below;
  const char* ink;     ///< of the title
  const char* accent;  ///< of the line over it
  const char* motif;
};

// In the order of sample_shows. Every shape is the project's own.
constexpr design designs[] = {
    {"#0b2545", "#f4a259", "#fff4e0", "#f4a259", R"svg(
<circle cx="590" cy="560" r="120" fill="#ffd9a0"/>
<path d="M380 330 L0 190 V430Z" fill="#ffe9b0" opacity=".45"/><path d="M420 330 L800 190 V430Z" fill="#ffe9b0" opacity=".45"/>
<path d="M355 400 h90 l40 480 h-170z" fill="#f7f3ea"/><path d="M347 500 h106 l8 96 h-122z M331 690 h138 l8 96 h-154z" fill="#c8553d"/>
<rect x="362" y="290" width="76" height="110" fill="#ffe27a"/><path d="M350 290 L400 225 L450 290Z" fill="#c8553d"/>
<rect x="345" y="392" width="110" height="16" fill="#0b2545"/>
<path d="M0 900 Q200 800 400 860 T800 850 V1200 H0Z" fill="#1b3a4b"/><path d="M0 960 Q100 930 200 960 T400 960 T600 960 T800 960" fill="none" stroke="#f4a259" stroke-width="6" opacity=".6"/>)svg"},
    {"#184e77", "#52b69a", "#ffffff", "#d9ed92", R"svg(
<g stroke="#d9ed92" stroke-width="5" opacity=".55"><path d="M90 60 l-50 150 M230 20 l-60 180 M370 90 l-50 150 M520 30 l-60 180 M660 80 l-50 150 M770 20 l-60 180 M140 330 l-50 150 M300 280 l-50 150 M470 340 l-40 120 M620 290 l-50 150 M760 330 l-50 150"/></g>
<rect x="120" y="560" width="560" height="240" rx="46" fill="#1e6091"/><rect x="120" y="700" width="560" height="34" fill="#d9ed92"/>
<g fill="#fdf6c9"><rect x="170" y="600" width="80" height="74" rx="10"/><rect x="275" y="600" width="80" height="74" rx="10"/><rect x="380" y="600" width="80" height="74" rx="10"/><rect x="485" y="600" width="80" height="74" rx="10"/><rect x="590" y="600" width="60" height="74" rx="10"/></g>
<g fill="#0b3954"><circle cx="220" cy="812" r="44"/><circle cx="340" cy="812" r="44"/><circle cx="470" cy="812" r="44"/><circle cx="590" cy="812" r="44"/></g>
<rect x="0" y="856" width="800" height="14" fill="#0b3954"/><path d="M0 870 H800 V1200 H0Z" fill="#34a0a4"/>)svg"},
    {"#fefae0", "#e9c46a", "#3d2b1f", "#d62828", R"svg(
<path d="M150 300 L640 220 L690 760 L210 840Z" fill="#fffdf2" stroke="#3d2b1f" stroke-width="6"/>
<path d="M400 300 L560 430 L520 640 L400 720 L280 640 L240 430Z" fill="#f4843a"/>
<path d="M240 430 L285 300 L360 350Z M560 430 L515 300 L440 350Z" fill="#d9602a"/>
<path d="M400 330 L430 420 L400 450 L370 420Z M290 480 L370 500 L300 530Z M510 480 L430 500 L500 530Z M300 600 L372 590 L330 640Z M500 600 L428 590 L470 640Z" fill="#3d2b1f"/>
<circle cx="345" cy="462" r="14" fill="#fff"/><circle cx="455" cy="462" r="14" fill="#fff"/><path d="M365 600 L435 600 L400 645Z" fill="#3d2b1f"/>)svg"},
    {"#10002b", "#5a189a", "#ffffff", "#ff9e00", R"svg(
<g fill="#fff"><circle cx="90" cy="120" r="4"/><circle cx="210" cy="260" r="3"/><circle cx="700" cy="110" r="5"/><circle cx="620" cy="320" r="3"/><circle cx="120" cy="520" r="4"/><circle cx="720" cy="560" r="4"/><circle cx="300" cy="90" r="3"/><circle cx="520" cy="170" r="3"/></g>
<ellipse cx="400" cy="480" rx="330" ry="120" fill="none" stroke="#ff9e00" stroke-width="6" transform="rotate(-24 400 480)"/>
<ellipse cx="400" cy="480" rx="330" ry="120" fill="none" stroke="#c77dff" stroke-width="6" transform="rotate(24 400 480)"/>
<circle cx="300" cy="400" r="42" fill="#ffd6a5"/><path d="M290 442 Q210 560 330 690 Q370 560 320 442Z" fill="#ff9e00"/>
<circle cx="500" cy="400" r="42" fill="#ffd6a5"/><path d="M510 442 Q590 560 470 690 Q430 560 480 442Z" fill="#c77dff"/>
<path d="M318 470 Q400 400 482 470" fill="none" stroke="#ffd6a5" stroke-width="20" stroke-linecap="round"/>
<path d="M0 960 Q400 760 800 960 V1200 H0Z" fill="#3c096c"/>)svg"},
    {"#fff3e0", "#e07a5f", "#fff8ef", "#f2cc8f", R"svg(
<g fill="none" stroke="#b08968" stroke-width="14" stroke-linecap="round" opacity=".7"><path d="M310 330 q-50 -70 0 -130 t0 -120"/><path d="M400 330 q-50 -70 0 -130 t0 -120"/><path d="M490 330 q-50 -70 0 -130 t0 -120"/></g>
<path d="M220 380 H580 L540 780 H260Z" fill="#f8e3c8" stroke="#6f4518" stroke-width="8"/><path d="M232 480 H568 L540 772 H260Z" fill="#a65a2e"/>
<path d="M250 520 L268 740 M300 520 L310 750 M500 520 L490 750 M550 520 L532 740" stroke="#8a4620" stroke-width="8"/>
<ellipse cx="400" cy="810" rx="270" ry="40" fill="#81b29a"/><ellipse cx="400" cy="800" rx="180" ry="22" fill="#5f8f78"/>
<path d="M0 850 q50 60 100 0 t100 0 t100 0 t100 0 t100 0 t100 0 t100 0 t100 0 V1200 H0Z" fill="#7f2f22"/>)svg"},
    {"#2b2d42", "#8d99ae", "#fefefe", "#ef233c", R"svg(
<circle cx="400" cy="450" r="270" fill="#edf2f4"/><circle cx="400" cy="450" r="270" fill="none" stroke="#c9a227" stroke-width="26"/>
<g stroke="#2b2d42" stroke-width="14" stroke-linecap="round"><path d="M400 215 v40 M400 645 v40 M165 450 h40 M595 450 h40"/><path d="M283 247 l16 28 M501 625 l16 28 M197 333 l28 16 M575 551 l28 16 M517 247 l-16 28 M299 625 l-16 28 M603 333 l-28 16 M225 551 l-28 16" stroke-width="8"/></g>
<path d="M400 450 L400 290" stroke="#2b2d42" stroke-width="18" stroke-linecap="round"/><path d="M400 450 L500 510" stroke="#ef233c" stroke-width="14" stroke-linecap="round"/><circle cx="400" cy="450" r="20" fill="#c9a227"/>
<path d="M400 720 v90" stroke="#c9a227" stroke-width="10"/><circle cx="400" cy="850" r="52" fill="#c9a227"/><circle cx="400" cy="850" r="26" fill="#8d6b00"/>)svg"},
    {"#03071e", "#14746f", "#f1faee", "#ffba08", R"svg(
<circle cx="590" cy="230" r="90" fill="#f1faee"/><circle cx="555" cy="205" r="84" fill="#071a2b"/>
<path d="M0 700 L150 480 L280 640 L430 420 L600 660 L700 540 L800 660 V1200 H0Z" fill="#0a3d3a"/>
<path d="M0 830 L200 650 L360 790 L540 610 L800 820 V1200 H0Z" fill="#0f5a52"/>
<path d="M40 850 Q400 700 760 850" fill="none" stroke="#03071e" stroke-width="12"/>
<g transform="rotate(-6 250 770)"><rect x="140" y="735" width="130" height="62" rx="12" fill="#d00000"/><g fill="#ffba08"><rect x="156" y="750" width="26" height="24"/><rect x="194" y="750" width="26" height="24"/><rect x="232" y="750" width="26" height="24"/></g></g>
<rect x="292" y="706" width="130" height="62" rx="12" fill="#d00000"/><g fill="#ffba08"><rect x="308" y="721" width="26" height="24"/><rect x="346" y="721" width="26" height="24"/><rect x="384" y="721" width="26" height="24"/></g>
<path d="M445 706 h100 l34 62 h-134z" fill="#9d0208"/><rect x="460" y="721" width="40" height="24" fill="#ffba08"/>)svg"},
    {"#0d0d0d", "#3a0d12", "#f5f5f5", "#e5383b", R"svg(
<path d="M400 330 L520 860 H280Z" fill="none" stroke="#b1a7a6" stroke-width="12"/><path d="M372 450 H428 M350 550 H450 M328 650 H472 M304 755 H496" stroke="#b1a7a6" stroke-width="8"/><path d="M372 450 L450 550 L328 650 L496 755 M428 450 L350 550 L472 650 L304 755" stroke="#b1a7a6" stroke-width="5" fill="none"/>
<circle cx="400" cy="310" r="26" fill="#e5383b"/>
<g fill="none" stroke="#e5383b" stroke-width="12" stroke-linecap="round"><path d="M330 240 A100 100 0 0 0 330 380"/><path d="M280 190 A170 170 0 0 0 280 430" opacity=".7"/><path d="M228 140 A240 240 0 0 0 228 480" opacity=".4"/><path d="M470 240 A100 100 0 0 1 470 380" stroke-dasharray="16 24"/><path d="M520 190 A170 170 0 0 1 520 430" opacity=".5" stroke-dasharray="12 30"/></g>
<path d="M0 880 H800 V1200 H0Z" fill="#160507"/>)svg"},
    {"#ffe5ec", "#ff8fab", "#590d22", "#ffffff", R"svg(
<circle cx="400" cy="430" r="250" fill="#fb6f92"/><circle cx="400" cy="430" r="66" fill="#fff0f3"/>
<g fill="#fff0f3"><circle cx="400" cy="270" r="56"/><circle cx="548" cy="378" r="56"/><circle cx="492" cy="556" r="56"/><circle cx="308" cy="556" r="56"/><circle cx="252" cy="378" r="56"/></g>
<path d="M600 590 q120 90 60 190 t-140 70" fill="none" stroke="#590d22" stroke-width="34"/><path d="M600 590 q120 90 60 190 t-140 70" fill="none" stroke="#ffe5ec" stroke-width="12" stroke-dasharray="18 16"/>
<g fill="#590d22" font-family="DejaVu Sans" font-weight="bold" font-size="64"><text x="90" y="170">+</text><text x="650" y="190">=</text><text x="110" y="740">%</text><text x="250" y="830">÷</text></g>)svg"},
    {"#8ecae6", "#caf0f8", "#ffffff", "#fb8500", R"svg(
<path d="M0 760 Q200 700 400 760 T800 760 V1200 H0Z" fill="#219ebc"/><path d="M0 840 Q200 780 400 840 T800 840 V1200 H0Z" fill="#126782"/>
<path d="M250 140 L420 320 L300 560 L120 360Z" fill="#fb8500"/><path d="M250 140 L300 560 M120 360 L420 320" stroke="#023047" stroke-width="6"/><path d="M250 140 L420 320 L275 345Z" fill="#ffb703"/>
<path d="M300 560 q60 90 -10 150 t20 130" fill="none" stroke="#023047" stroke-width="5"/>
<path d="M590 250 L690 350 L620 500 L510 385Z" fill="#d62828"/><path d="M590 250 L620 500 M510 385 L690 350" stroke="#023047" stroke-width="5"/><path d="M620 500 q40 80 -10 130 t10 120" fill="none" stroke="#023047" stroke-width="4"/>
<path d="M500 760 h140 l-30 50 h-80z" fill="#023047"/><path d="M566 760 v-90 l50 80z" fill="#fff"/>)svg"},
    {"#283618", "#a3b18a", "#fefae0", "#dda15e", R"svg(
<g fill="#1b2a10" opacity=".6"><path d="M0 640 q120 -220 200 -40 q100 -260 200 0 q90 -240 210 10 q90 -200 190 30 V1200 H0Z"/></g>
<g><path d="M110 560 L240 450 L370 560Z" fill="#bc6c25"/><rect x="140" y="560" width="200" height="230" fill="#fefae0"/><rect x="214" y="660" width="56" height="130" fill="#606c38"/><rect x="160" y="590" width="44" height="52" fill="#ffd166"/><rect x="276" y="590" width="44" height="52" fill="#ffd166"/></g>
<g><path d="M430 560 L560 450 L690 560Z" fill="#bc6c25"/><rect x="460" y="560" width="200" height="230" fill="#e9dfb9"/><rect x="534" y="660" width="56" height="130" fill="#606c38"/><rect x="480" y="590" width="44" height="52" fill="#344e41"/><rect x="596" y="590" width="44" height="52" fill="#344e41"/></g>
<g fill="#dad7cd"><path d="M130 180 a60 60 0 0 1 110 -20 a50 50 0 0 1 90 40 h-210 a30 30 0 0 1 10 -20z"/><path d="M450 260 a60 60 0 0 1 110 -20 a50 50 0 0 1 90 40 h-210 a30 30 0 0 1 10 -20z"/></g>
<path d="M180 250 l-14 60 M250 250 l-14 60 M500 330 l-14 60 M570 330 l-14 60 M630 330 l-14 60" stroke="#dad7cd" stroke-width="8" stroke-linecap="round"/><path d="M0 790 H800 V1200 H0Z" fill="#344e41"/>)svg"},
    {"#e0fbfc", "#3d5a80", "#ffffff", "#ee6c4d", R"svg(
<g fill="#293241"><circle cx="310" cy="330" r="96"/><path d="M140 800 Q150 470 310 470 Q470 470 480 800Z"/></g>
<g fill="none" stroke="#ee6c4d" stroke-width="10" stroke-dasharray="26 14"><circle cx="500" cy="330" r="96"/><path d="M330 800 Q340 470 500 470 Q660 470 670 800Z"/></g>
<g fill="#ee6c4d"><rect x="660" y="200" width="30" height="30"/><rect x="700" y="260" width="20" height="20"/><rect x="640" y="280" width="16" height="16"/><rect x="690" y="340" width="26" height="26"/><rect x="730" y="190" width="14" height="14"/></g>
<path d="M0 800 H800 V1200 H0Z" fill="#293241"/>)svg"},
    {"#1a1a1d", "#6f2232", "#ffffff", "#ffd23f", R"svg(
<path d="M400 470 L60 860 H740Z" fill="#2d2d33"/><path d="M400 470 L250 860 H310Z M400 470 L490 860 H550Z" fill="#ffd23f"/>
<path d="M90 860 V430 A310 310 0 0 1 710 430 V860" fill="none" stroke="#950740" stroke-width="46"/><path d="M170 860 V440 A230 230 0 0 1 630 440 V860" fill="none" stroke="#c3073f" stroke-width="22"/>
<rect x="300" y="400" width="200" height="250" rx="44" fill="#e8e8e8"/><rect x="326" y="436" width="148" height="96" rx="14" fill="#1a1a1d"/><circle cx="345" cy="600" r="20" fill="#ffd23f"/><circle cx="455" cy="600" r="20" fill="#ffd23f"/><rect x="370" y="414" width="60" height="14" rx="7" fill="#c3073f"/>
<path d="M0 860 H800 V1200 H0Z" fill="#0f0f11"/>)svg"},
    {"#ffd166", "#ef476f", "#ffffff", "#06d6a0", R"svg(
<path d="M90 0 L330 870 H-30Z M710 0 L830 870 H470Z" fill="#fff3c4" opacity=".55"/>
<ellipse cx="400" cy="870" rx="280" ry="34" fill="#9d1c40"/>
<ellipse cx="400" cy="640" rx="170" ry="180" fill="#7d8597"/><circle cx="400" cy="400" r="130" fill="#8d99ae"/>
<ellipse cx="250" cy="400" rx="90" ry="112" fill="#7d8597"/><ellipse cx="550" cy="400" rx="90" ry="112" fill="#7d8597"/><ellipse cx="250" cy="404" rx="54" ry="74" fill="#f8a5b8"/><ellipse cx="550" cy="404" rx="54" ry="74" fill="#f8a5b8"/>
<path d="M400 430 q-10 120 60 150 q70 20 80 -60" fill="none" stroke="#8d99ae" stroke-width="50" stroke-linecap="round"/>
<circle cx="356" cy="384" r="16" fill="#1d1d1f"/><circle cx="444" cy="384" r="16" fill="#1d1d1f"/>
<rect x="270" y="770" width="86" height="100" rx="34" fill="#8d99ae"/><rect x="444" y="770" width="86" height="100" rx="34" fill="#8d99ae"/>
<path d="M280 690 Q400 640 520 690 L560 770 Q400 720 240 770Z" fill="#06d6a0"/>)svg"},
};
static_assert(std::size(designs) == std::size(sample_shows));

constexpr std::size_t longest_line = 14;  // letters, at the size below
constexpr int line_height = 84;
constexpr int lowest_line = 1'090;

/// The title in lines, broken between words.
std::vector<std::string> lines_of(std::string_view title) {
  std::vector<std::string> lines(1);
  while (!title.empty()) {
    const auto word = title.substr(0, title.find(' '));
    title.remove_prefix(std::min(title.size(), word.size() + 1));
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > longest_line) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + std::string(word);
  }
  return lines;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
  return out;
}

std::string svg_of(const sample_show& show, const design& drawn) {
  const auto lines = lines_of(show.title);
  const int top = lowest_line - line_height * (static_cast<int>(lines.size()) - 1);
  std::string title;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    title += fmt::format(R"svg(<text x="60" y="{}">{}</text>)svg", top + line_height * static_cast<int>(i),
                         escaped(lines[i]));
  }
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1200" viewBox="0 0 800 1200"><defs>)svg"
      R"svg(<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{0}"/>)svg"
      R"svg(<stop offset="1" stop-color="{1}"/></linearGradient></defs><rect width="800" height="1200" fill="url(#sky)"/>)svg"
      R"svg({4}<rect x="60" y="{5}" width="120" height="10" fill="{3}"/>)svg"
      R"svg(<g font-family="DejaVu Sans" font-weight="bold" font-size="74" fill="{2}">{6}</g>)svg"
      R"svg(<text x="60" y="1150" font-family="DejaVu Sans" font-size="30" fill="{2}">{7} · {8} min · {9}</text></svg>)svg",
      drawn.above, drawn.below, drawn.ink, drawn.accent, drawn.motif, top - 100, title, escaped(show.language),
      show.minutes, escaped(show.rating));
}

constexpr int uploaded_width = 640;
constexpr auto upload_timeout = std::chrono::seconds(30);

template <class T>
T value_of(contract::result<T> answer) {
  if (!answer) {
    throw std::runtime_error("The sample posters could not be loaded: " + contract::sentence_of(answer.error()));
  }
  return std::move(*answer);
}

/// The form in which a browser sends a file.
contract::content form_with(std::string_view picture) {
  constexpr std::string_view boundary = "the-end-of-the-poster";
  return {
      .type = fmt::format("multipart/form-data; boundary={}", boundary),
      .bytes = fmt::format("--{0}\r\nContent-Disposition: form-data; name=\"poster\"; filename=\"poster.png\"\r\n\r\n"
                           "{1}\r\n--{0}--\r\n",
                           boundary, picture)};
}

/// The newest shows: the sample's own are among them, where it was loaded.
rt::task<std::vector<catalog::show_view>> present_shows(catalog::port& catalogue, rt::call call) {
  const catalog::list_shows newest{.limit = 100};
  const auto listed = value_of(co_await catalogue.handle(std::move(call), newest));
  std::vector<catalog::show_view> present;
  contract::problems found;
  const auto document = contract::parse_document(*listed.json);
  contract::read_json(document.root, present, "", found);
  co_return present;
}

}  // namespace

std::string sample_poster(std::size_t number, int width) {
  return images::draw(svg_of(sample_shows[number], designs[number]), width);
}

rt::task<> load_sample_posters(catalog::port& catalogue, rt::call by_admin) {
  const auto present = co_await present_shows(catalogue, by_admin);
  for (std::size_t i = 0; i < std::size(sample_shows); ++i) {
    const auto lacks_it = [&](const auto& each) { return each.title == sample_shows[i].title && !each.poster; };
    const auto found = std::ranges::find_if(present, lacks_it);
    if (found == present.end()) continue;
    by_admin.until = rt::deadline::after(upload_timeout);
    const catalog::upload_poster wanted{found->id, form_with(sample_poster(i, uploaded_width))};
    value_of(co_await catalogue.handle(by_admin, wanted));
  }
}

}  // namespace ticketshow::app
