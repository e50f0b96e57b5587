// Countries
