import QtQuick
import QtQuick.Shapes
import Cms.Theme

// Black on white in both themes: `rows` are texts of 0 and 1, one filled path.
Rectangle {
    id: code

    property var rows: []
    property string name
    readonly property int modules: rows.length + 4
    readonly property string path: {
        let out = "";
        for (let y = 0; y < rows.length; y++)
            for (let x = 0; x < rows[y].length; x++)
                if (rows[y][x] === "1")
                    out += "M" + (x + 2) + " " + (y + 2) + "h1v1h-1z";
        return out;
    }

    implicitWidth: Theme.sizeQr
    implicitHeight: Theme.sizeQr
    color: Theme.qrPaper
    radius: Theme.radiusBadge
    Accessible.role: Accessible.Graphic
    Accessible.name: qsTr("QR code of %1").arg(name)

    Shape {
        anchors.fill: parent

        ShapePath {
            scale: Qt.size(code.width / code.modules, code.height / code.modules)
            strokeColor: Theme.transparent
            fillColor: Theme.qrInk

            PathSvg {
                path: code.path
            }
        }
    }
}
