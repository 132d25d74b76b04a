#include <array>
#include <fstream>

#include "daemon/outlet/outlet.h"
#include "daemon/wire/encode.h"

namespace cellvigil::outlet {
namespace {

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t index = 0; index < 3; ++index)
            group = group << 8U | (index < have ? static_cast<unsigned char>(bytes[at + index]) : 0U);
        for (std::size_t index = 0; index < 4; ++index)
            out.push_back(index <= have ? kDigits[group >> (18U - 6U * index) & 63U] : '=');
    }
    return out;
}

// One envelope a line, in protobuf's JSON; bytes that are no envelope become {"raw":"<base64>"}.
class JsonLineOutlet final : public Outlet {
  public:
    JsonLineOutlet(std::unique_ptr<std::ofstream> file, std::ostream& out) : file_(std::move(file)), out_(out) {}

    Result<void> put(const Message& message) override {
        const auto json = wire::envelope_as_json(message.value);
        if (json)
            out_ << *json << '\n';
        else
            out_ << R"({"raw":")" << base64(message.value) << "\"}\n";
        ++sent_.messages;
        sent_.bytes += message.value.size();
        return good();
    }
    Result<void> flush() override {
        out_.flush();
        return good();
    }
    Result<void> finish() override { return flush(); }
    const Sent& sent() const override { return sent_; }

  private:
    Result<void> good() const {
        if (!out_.good()) return fail(Errc::unavailable, "the file cannot be written");
        return {};
    }
    std::unique_ptr<std::ofstream> file_;
    std::ostream& out_;
    Sent sent_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> open_json_lines(const Target& target, const Options&) {
    auto file = std::make_unique<std::ofstream>(target.path, std::ios::binary | std::ios::trunc);
    if (!file->good()) return fail(Errc::unavailable, target.path + " cannot be written");
    std::ostream& out = *file;
    return std::make_unique<JsonLineOutlet>(std::move(file), out);
}

}  // namespace cellvigil::outlet
