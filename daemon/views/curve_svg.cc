#include "daemon/views/curve_svg.h"

#include <algorithm>

#include <fmt/core.h>

#include "daemon/views/cohort_words.h"

namespace cellvigil::views {
namespace {

constexpr double kLeft = 64;
constexpr double kTop = 14;
constexpr double kWidth = 600;
constexpr double kHeight = 240;

struct Frame {
    Day first = 0;
    Day last = 1;
    double x(Day day) const {
        const double along =
            static_cast<double>(std::clamp(day, first, last) - first) / static_cast<double>(last - first);
        return kLeft + kWidth * along;
    }
    static double y(double share) { return kTop + kHeight * (1 - std::clamp(share, 0.0, 1.0)); }
};

double start_of(const CurveReport& curve) { return curve.kind == CurveKind::survival ? 1.0 : 0.0; }

// Where no interval can be said (0 or 1) the band lies on the curve.
double bound(const CurvePoint& point, bool upper) {
    if (!point.interval) return point.value;
    return upper ? point.interval->upper : point.interval->lower;
}

std::string steps(const CurveReport& curve, const Frame& frame) {
    std::string path = fmt::format("M{:.1f} {:.1f}", frame.x(frame.first), Frame::y(start_of(curve)));
    for (const CurvePoint& point : curve.points) {
        if (point.day > frame.last) break;
        path += fmt::format("H{:.1f}V{:.1f}", frame.x(point.day), Frame::y(point.value));
    }
    return path + fmt::format("H{:.1f}", frame.x(frame.last));
}

std::string band(const CurveReport& curve, const Frame& frame) {
    std::vector<CurvePoint> shown;
    for (const CurvePoint& point : curve.points) {
        if (point.day <= frame.last) shown.push_back(point);
    }
    if (shown.empty()) return {};
    std::string path = fmt::format("M{:.1f} {:.1f}", frame.x(shown.front().day), Frame::y(bound(shown.front(), true)));
    for (const CurvePoint& point : shown)
        path += fmt::format("H{:.1f}V{:.1f}", frame.x(point.day), Frame::y(bound(point, true)));
    path += fmt::format("H{:.1f}", frame.x(frame.last));
    for (auto at = shown.rbegin(); at != shown.rend(); ++at)
        path += fmt::format("V{:.1f}H{:.1f}", Frame::y(bound(*at, false)), frame.x(at->day));
    return fmt::format("<path d=\"{}Z\" fill=\"#dcdcdc\" stroke=\"none\"/>", path);
}

std::string axes(const CurveReport& curve, const Frame& frame) {
    std::string text = fmt::format("<path d=\"M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}\" fill=\"none\" stroke=\"#000\"/>",
                                   kLeft, kTop, kTop + kHeight, kLeft + kWidth);
    for (int percent = 0; percent <= 100; percent += 25) {
        const double y = Frame::y(percent / 100.0);
        text += fmt::format(
            "<path d=\"M{:.1f} {:.1f}h-5\" stroke=\"#000\"/><text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{} "
            "%</text>",
            kLeft, y, kLeft - 8, y + 4, percent);
    }
    const double below = kTop + kHeight;
    for (const CurveStand& stand : curve.stands) {
        const double x = frame.x(stand.at.day);
        text += fmt::format(
            "<path d=\"M{0:.1f} {1:.1f}v5\" stroke=\"#000\"/><text x=\"{0:.1f}\" y=\"{2:.1f}\" "
            "text-anchor=\"middle\">{3}</text>"
            "<text x=\"{0:.1f}\" y=\"{4:.1f}\" text-anchor=\"middle\">{5}{6}</text>",
            x, below, below + 19, stand.at.day, below + 52, stand.at_risk, stand.few ? "*" : "");
    }
    text += fmt::format("<text x=\"4\" y=\"{:.1f}\">Day</text><text x=\"4\" y=\"{:.1f}\">At risk</text>", below + 19,
                        below + 52);
    return text;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '&':
                safe += "&amp;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

std::string curve_svg(const CurveReport& curve) {
    if (curve.too_few || curve.stands.size() < 2) return {};
    const Frame frame{curve.stands.front().at.day, curve.stands.back().at.day};
    return fmt::format(
        "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\" font-family=\"sans-serif\" font-size=\"12\">"
        "{}{}<path d=\"{}\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.8\"/></svg>\n",
        kLeft + kWidth + 24, kTop + kHeight + 62, escaped(curve_title(curve)), band(curve, frame), axes(curve, frame),
        steps(curve, frame));
}

}  // namespace cellvigil::views
