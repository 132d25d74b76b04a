#include <fstream>

#include "daemon/outlet/json_text.h"
#include "daemon/outlet/outlet.h"

namespace cellvigil::outlet {
namespace {

class JsonLineOutlet final : public Outlet {
  public:
    JsonLineOutlet(std::unique_ptr<std::ofstream> file, std::ostream& out) : file_(std::move(file)), out_(out) {}

    Result<void> put(const Message& message) override {
        out_ << line_of(message.key, message.value) << '\n';
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
