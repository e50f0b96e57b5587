@main
struct Onderdak {
    static func main() {}
}
