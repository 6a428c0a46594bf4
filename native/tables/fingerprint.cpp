// The fingerprint, computed by the compiler from the rows' names: nothing is hashed at run time.
#include "fingerprint.h"
#include <array>
#include <cstdint>
#include <string_view>

namespace {
// One element a row, of both platforms, by its macro and its name. `#name` is the name as it stands in the table: the
// operand of # is not expanded.
#define C(name) "C " #name,
#define L(name) "C " #name,
#define M(name) "C " #name,
#define C64(name) "C64 " #name,
constexpr std::string_view constants[] = {
#include "constants.def"
#include "constants_kernel.def"
};

#define EVERY_ROW
#define SCALAR(n) "SCALAR " #n,
#define SCALAR_OF(n, s, f) "SCALAR_OF " #n " " #s,
#define STRUCT(n) "STRUCT " #n,
#define UNION(n) "UNION " #n,
#define TYPEDEF(n) "TYPEDEF " #n,
#define INNER(n, s, f) "INNER " #n " " #s,
#define F(s, f, t) "F " #s " " #f,
#define A(s, f, t, n) "A " #s " " #f,
#define BITS(s, f, t) "BITS " #s " " #f,
#define SIZE(n) "SIZE " #n,
#define SIZE_TYPEDEF(n) "SIZE_TYPEDEF " #n,
constexpr std::string_view structs[] = {
#include "structs.def"
};

// 32-bit FNV-1a.
constexpr uint32_t hash_byte(uint32_t hash, char byte) { return (hash ^ static_cast<uint8_t>(byte)) * 0x01000193; }

template <size_t count> constexpr uint32_t hash_rows(uint32_t hash, const std::string_view (&rows)[count]) {
  for (std::string_view row : rows) {
    for (char byte : row) hash = hash_byte(hash, byte);
    hash = hash_byte(hash, '\n');
  }
  return hash;
}

struct Text {
  std::array<char, 96> bytes{};
  size_t length = 0;
  constexpr void append(std::string_view text) {
    for (char byte : text) bytes[length++] = byte;
  }
  constexpr void append_decimal(size_t number) {
    if (number >= 10) append_decimal(number / 10);
    bytes[length++] = static_cast<char>('0' + number % 10);
  }
  constexpr void append_hex(uint32_t number) {
    for (int shift = 28; shift >= 0; shift -= 4) bytes[length++] = "0123456789abcdef"[number >> shift & 15];
  }
};

#define TEXT(x) #x
#define TEXT_OF(macro) TEXT(macro)
constexpr Text fingerprint = [] {
  Text text;
  text.append(TEXT_OF(BSD_SOCKETS_VERSION));
  text.append(" ");
  text.append_decimal(std::size(constants));
  text.append(" ");
  text.append_decimal(std::size(structs));
  text.append(" ");
  text.append_hex(hash_rows(hash_rows(0x811c9dc5, constants), structs));
  return text;
}();
} // namespace

const char *const tables_fingerprint = fingerprint.bytes.data();
