pragma Singleton

import QtQuick

// Every colour, size, weight and duration of the window. Main.qml sets dark, scale and lessMotion.
Tokens {
    function space(steps: real): real {
        return 8 * steps;
    }
    function size(role: string): int {
        return Math.round(types[role].size * scale);
    }
    function lineHeight(role: string): int {
        return Math.round(types[role].line * scale);
    }
    function font(role: string, struck = false, underlined = false): font {
        const type = types[role];
        return Qt.font({
            "family": type.family,
            "pixelSize": Math.round(type.size * scale),
            "weight": type.weight,
            "strikeout": struck,
            "underline": underlined,
            "letterSpacing": type.spacing,
            "variableAxes": type.family === "JetBrains Mono" ? {
                "wght": type.weight
            } : {
                "wght": type.weight,
                "opsz": type.size
            },
            "features": role.startsWith("paper") || role === "display" ? {} : {
                "tnum": 1
            }
        });
    }
}
