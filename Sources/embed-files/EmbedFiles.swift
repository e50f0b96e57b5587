@main
struct EmbedFiles {
    static func main() {}
}
